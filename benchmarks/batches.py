"""Forwarding: messages per CPU second, from an SQS event to the inlet."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from contextlib import ExitStack

from benchmarks.events import batch
from benchmarks.runtime import BenchmarkRuntime
from benchmarks.subjects import Subject

MESSAGES = 100
SIZES = (1_000, 8_000)


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
            environment.call(events[SIZES[1]])
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
