"""Wait for something that somebody else does, never for ever."""

import time
from collections.abc import Callable


def wait_until(
    condition: Callable[[], bool],
    seconds: float,
    *,
    every: float = 0.2,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> bool:
    """Whether the condition came true within so many seconds; it is asked at least once."""
    deadline = clock() + seconds
    while not condition():
        left = deadline - clock()
        if left <= 0:
            return False
        sleep(min(every, left))
    return True
