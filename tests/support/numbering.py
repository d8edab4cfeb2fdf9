"""Numbers for IDs."""

from dataclasses import dataclass


@dataclass
class Numbers:
    """0, 1, 2 and so on; unlike `itertools.count` it can be copied."""

    next: int = 0

    def __next__(self) -> int:
        self.next += 1
        return self.next - 1
