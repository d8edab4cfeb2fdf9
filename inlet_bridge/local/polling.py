"""Wait for a condition with a timeout."""

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
    """Wait until the condition is true; return False on a timeout. It is checked at least once."""
    deadline = clock() + seconds
    while not condition():
        left = deadline - clock()
        if left <= 0:
            return False
        sleep(min(every, left))
    return True
