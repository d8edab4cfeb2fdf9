"""Keep what was read for a short time, so that each page does not read it again."""

import time
from collections.abc import Callable
from threading import Lock


class Cached[Value]:
    """Values by key. Thread-safe; keys are stacks, so they are few."""

    def __init__(self, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        """Keep each value for so many seconds of the clock."""
        self._seconds = seconds
        self._clock = clock
        self._lock = Lock()
        self._found: dict[str, tuple[float, Value]] = {}

    def get(self, key: str, read: Callable[[], Value]) -> Value:
        """The value of a key, read if it is missing or too old; an exception is not kept."""
        with self._lock:
            until, value = self._found.get(key, (None, None))
            if until is None or value is None or self._clock() >= until:
                value = read()
                self._found[key] = (self._clock() + self._seconds, value)
            return value
