"""The instant by which an invocation must have answered."""

import math
import time
from collections.abc import Callable


class Deadline:
    """One for the process, started anew by every invocation: Lambda runs them one by one."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._ends = math.inf

    def start(self, seconds: float) -> None:
        """So many seconds are left from now on."""
        self._ends = self._monotonic() + seconds

    def remaining(self) -> float:
        """The seconds that are left; negative when it is too late."""
        return self._ends - self._monotonic()
