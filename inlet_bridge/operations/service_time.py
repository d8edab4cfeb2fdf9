"""The time of AWS, from the responses that a command gets anyway.

Lines of a log have the time of AWS. The newest ones cannot be found by the clock of a machine that
is ahead, and AWS accepts signatures of a machine that is up to five minutes ahead or behind:
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Final

# A response says whole seconds, and takes a while: a smaller difference is none.
_TOLERANCE: Final = timedelta(seconds=5)
_NONE: Final = timedelta(0)


class ServiceTime:
    """The time of the machine, corrected by the last response."""

    def __init__(self, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        """`clock` is the machine's, aware."""
        self._clock = clock
        self._ahead = _NONE

    def now(self) -> datetime:
        """The time of AWS, to within five seconds; the machine's before the first response."""
        return self._clock() - self._ahead

    def observed(self, client: Any) -> Any:
        """The client of boto3, of which every response is read from now on."""
        client.meta.events.register("after-call", self._responded)
        return client

    def _responded(self, http_response: Any, **_: object) -> None:
        headers: Mapping[str, str] = http_response.headers
        try:
            found = parsedate_to_datetime(headers["date"])
            ahead = self._clock() - found
        except (KeyError, TypeError, ValueError):  # No time, or one without a zone.
            return
        self._ahead = ahead if abs(ahead) > _TOLERANCE else _NONE
