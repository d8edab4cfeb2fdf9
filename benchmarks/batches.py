"""Forwarding: messages per CPU second, from an SQS event to the inlet."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from contextlib import ExitStack

from benchmarks.events import batch
from benchmarks.runtime import BenchmarkRuntime
from benchmarks.subjects import Subject

MESSAGES = 100
SIZES = (1_000, 8_000)
# Batches of each size before the first round, as before the blocks of warm calls: the first ones
# open connections and fill caches.
_WARMING_UP = 3


def measure_batches(
    runtime: BenchmarkRuntime,
    subjects: Sequence[Subject],
    rounds: int,
    calls: int,
    tell: Callable[[str], None],
) -> dict[int, dict[str, list[float]]]:
    """Messages per CPU second of each subject, one value per round, by size and name."""
    measured: dict[int, dict[str, list[float]]] = {size: defaultdict(list) for size in SIZES}
    events = {size: batch(MESSAGES, size) for size in SIZES}
    with ExitStack() as running:
        pool = [
            (subject, running.enter_context(runtime.environment(subject))) for subject in subjects
        ]
        for _, environment in pool:
            environment.start(events[SIZES[0]])
            for size in SIZES:
                for _ in range(_WARMING_UP):
                    environment.call(events[size])
        for number in range(1, rounds + 1):
            tell(f"batches, round {number} of {rounds}")
            for size in SIZES:
                for subject, environment in pool:
                    before = environment.cpu_ms()
                    for _ in range(calls):
                        environment.call(events[size])
                    seconds = (environment.cpu_ms() - before) / 1000
                    measured[size][subject.name].append(calls * MESSAGES / seconds)
    return {size: dict(of_size) for size, of_size in measured.items()}
