"""The clock of the emulated Adobe, which tests can move forward."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def system_time() -> datetime:
    """The machine's time in UTC."""
    return datetime.now(UTC)


class Clock:
    """A time source that can be moved forward."""

    def __init__(self, source: Callable[[], datetime] = system_time) -> None:
        self._source = source
        self._ahead = timedelta()

    def now(self) -> datetime:
        """The time as an aware datetime in UTC."""
        return self._source() + self._ahead

    def milliseconds(self) -> int:
        """The time as Adobe writes it: milliseconds since 1970."""
        return (self.now() - _EPOCH) // timedelta(milliseconds=1)

    def advance(self, by: timedelta) -> None:
        """Move time forward. Raises ValueError for a negative step."""
        if by < timedelta():
            raise ValueError("time only moves forward")
        self._ahead += by
