"""What a wait costs any process on this machine: the same work at once and after a wait.

A processor that is idle does other work of its host, which evicts the caches. Arithmetic takes as
long as before, and whatever reads memory takes longer. Where it does, a handler that waits more
often than another takes more processor time for the same instructions.
"""

import hashlib
import random
import time
from collections.abc import Callable
from operator import itemgetter

from benchmarks.figures import paired_ratios
from benchmarks.subjects import TABLE_MS

ARITHMETIC = "arithmetic"
READS = "reads of 1 MB in random order"
# Bytes that a cache loads at once.
_CACHE_LINE = 64
_LINES = (1 << 20) // _CACHE_LINE
# For about as long as a webhook takes.
_HASHED = b"x" * _CACHE_LINE
_ITERATIONS = 1_000


def measure_waiting(rounds: int) -> dict[str, list[float]]:
    """CPU time after a wait of TABLE_MS / CPU time at once, one ratio per round, by the work."""
    measured: dict[str, list[float]] = {}
    for name, job in _jobs().items():
        times = [(_cpu_ns(job), _cpu_ns(job, after=TABLE_MS / 1000)) for _ in range(rounds + 1)]
        # The first round brings the job itself into the caches.
        at_once, waited = zip(*times[1:], strict=True)
        measured[name] = paired_ratios(waited, at_once)
    return measured


def _jobs() -> dict[str, Callable[[], object]]:
    memory = bytes(_LINES * _CACHE_LINE)
    places = random.Random(0).sample(range(0, len(memory), _CACHE_LINE), _LINES)  # noqa: S311 (no secret)
    read = itemgetter(*places)
    return {
        ARITHMETIC: lambda: hashlib.pbkdf2_hmac("sha256", _HASHED, _HASHED, _ITERATIONS),
        READS: lambda: read(memory),
    }


def _cpu_ns(job: Callable[[], object], after: float = 0) -> int:
    """CPU nanoseconds of a job that runs after so many seconds of sleep."""
    if after:
        time.sleep(after)
    else:
        job()  # What ran before it has other memory.
    began = time.process_time_ns()
    job()
    return time.process_time_ns() - began
