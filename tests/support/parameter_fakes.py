"""SSM's parameters with the number of writes, and with versions."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from tests.support.fakes import FakeParameters


@dataclass
class CountedParameters(FakeParameters):
    """Parameters that count writes."""

    writes: int = 0

    def put(self, name: str, value: str) -> None:
        super().put(name, value)
        self.writes += 1

    def delete(self, names: Iterable[str]) -> None:
        super().delete(names)
        self.writes += 1


@dataclass
class FakeVersions:
    """The same parameters with the versions that SSM counts."""

    inner: FakeParameters
    versions: dict[str, int] = field(default_factory=dict)

    def create(self, name: str, value: str) -> bool:
        if name in self.inner.values:
            return False
        self.overwrite(name, value)
        return True

    def read(self, name: str) -> tuple[str, int] | None:
        if name not in self.inner.values:
            return None
        return self.inner.values[name], self.versions[name]

    def overwrite(self, name: str, value: str) -> int:
        self.inner.values[name] = value
        self.versions[name] = self.versions.get(name, 0) + 1
        return self.versions[name]

    def remove(self, name: str) -> None:
        self.inner.values.pop(name, None)
        self.versions.pop(name, None)
