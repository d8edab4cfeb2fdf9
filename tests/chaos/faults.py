"""What goes wrong, where and how often; it changes as the day goes on.

One seed is one day: everything is drawn from it, in the order in which it is asked.
"""

import random
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from tests.support.fakes import NOON, FakeClock


class Trouble(StrEnum):
    """What can go wrong with one call.

    BEFORE: it fails and did nothing. AFTER: it did its work and the answer is lost. DIES_BEFORE,
    DIES_AFTER: the process is killed there (SIGKILL, or the function's own time-out).
    """

    NONE = "none"
    BEFORE = "fails before the work"
    AFTER = "fails after the work"
    DIES_BEFORE = "dies before the work"
    DIES_AFTER = "dies after the work"
    SLOW = "slow"
    STATUS_401 = "401"
    STATUS_403 = "403"
    STATUS_429 = "429"
    STATUS_500 = "500"
    STATUS_502 = "502"
    STATUS_503 = "503"
    RETRY_AFTER = "503 with Retry-After"
    SHORT = "short 207"
    HTML = "200 with a page of HTML"


type Mix = Mapping[Trouble, float]

_KILLS: Mix = {Trouble.DIES_BEFORE: 0.002, Trouble.DIES_AFTER: 0.002}
_CALM: Mix = {}
_AWS: Mix = {Trouble.BEFORE: 0.01, Trouble.AFTER: 0.01, **_KILLS}
_BAD_AWS: Mix = {Trouble.BEFORE: 0.15, Trouble.AFTER: 0.10, **_KILLS}
_INLET: Mix = {
    Trouble.BEFORE: 0.02,
    Trouble.AFTER: 0.01,
    Trouble.SLOW: 0.01,
    Trouble.STATUS_401: 0.01,
    Trouble.STATUS_403: 0.01,
    Trouble.STATUS_429: 0.03,
    Trouble.STATUS_500: 0.03,
    Trouble.STATUS_502: 0.02,
    Trouble.STATUS_503: 0.03,
    Trouble.RETRY_AFTER: 0.01,
    Trouble.SHORT: 0.02,
    Trouble.HTML: 0.005,
    **_KILLS,
}
_DOWN: Mix = {Trouble.STATUS_503: 0.6, Trouble.BEFORE: 0.4}

# The minutes from which the fault rates of the inlet, AWS and IMS apply.
_DAY: tuple[tuple[int, Mix, Mix, Mix], ...] = (
    (0, _INLET, _AWS, _CALM),
    (20, _DOWN, _AWS, _DOWN),  # For ten minutes, Adobe does not respond at all.
    (30, _INLET, _AWS, {Trouble.BEFORE: 0.05}),
    (45, {**_INLET, Trouble.STATUS_429: 0.4}, _AWS, _CALM),
    (60, _INLET, _BAD_AWS, _CALM),
    (75, {**_INLET, Trouble.STATUS_500: 0.3}, _AWS, _CALM),
    (90, _INLET, _AWS, {Trouble.STATUS_429: 0.2}),
    (120, _CALM, _CALM, _CALM),
)
DAY = timedelta(minutes=120)


@dataclass
class Faults:
    """Draws the fault of each call, and counts the faults."""

    clock: FakeClock
    chance: random.Random
    met: Counter[tuple[str, Trouble]] = field(default_factory=Counter)

    def inlet(self) -> Trouble:
        """Draw the fault of a request to the inlet."""
        return self._draw("inlet", self._now()[1])

    def aws(self, service: str) -> Trouble:
        """Draw the fault of a call to SSM, SQS or DynamoDB."""
        return self._draw(service, self._now()[2])

    def ims(self) -> Trouble:
        """Draw the fault of a token request."""
        return self._draw("ims", self._now()[3])

    def _now(self) -> tuple[int, Mix, Mix, Mix]:
        minute = (self.clock() - NOON) / timedelta(minutes=1)
        return next(hour for hour in reversed(_DAY) if hour[0] <= minute)

    def _draw(self, what: str, mix: Mix) -> Trouble:
        left = self.chance.random()
        for trouble, share in mix.items():
            left -= share
            if left < 0:
                self.met[what, trouble] += 1
                return trouble
        return Trouble.NONE


class KilledError(BaseException):
    """The process is killed; no handler of `Exception` runs."""
