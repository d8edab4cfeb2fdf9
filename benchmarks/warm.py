"""Warm calls: one environment per subject, called in turn or back to back."""

import random
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import chain, repeat

from benchmarks.cold import BODY_BYTES, first_event
from benchmarks.environment import Environment
from benchmarks.events import body, webhook
from benchmarks.runtime import BenchmarkRuntime
from benchmarks.subjects import Subject

_WARMING_UP = 20

type Schedule = Callable[[Sequence[Subject], int], Iterator[Subject]]
"""The subjects of a block in the order of their calls, each as often as the number says."""


@dataclass(slots=True)
class Calls:
    """The warm calls of one subject, in milliseconds.

    Attributes:
        cpu: per call, one value per block.
        durations: of each call from the emulator's log, minus the inlet's time.
        inlet: the inlet's share of each call.
    """

    cpu: list[float] = field(default_factory=list)
    durations: list[float] = field(default_factory=list)
    inlet: list[float] = field(default_factory=list)


def in_turn(subjects: Sequence[Subject], calls: int) -> Iterator[Subject]:
    """Rounds of one call of each, in random order.

    An environment pauses between two calls, as in Lambda, where the next webhook comes later. With
    one order for all rounds, a subject that follows a similar one would find warmer caches.
    """
    order = random.Random(0)  # noqa: S311 (no secret)
    for _ in range(calls):
        yield from order.sample(subjects, len(subjects))


def back_to_back(subjects: Sequence[Subject], calls: int) -> Iterator[Subject]:
    """All calls of a subject, then those of the next: an environment never pauses."""
    return chain.from_iterable(repeat(subject, calls) for subject in subjects)


def measure_warm(
    runtime: BenchmarkRuntime,
    subjects: Sequence[Subject],
    blocks: int,
    calls: int,
    tell: Callable[[str], None],
    *,
    schedule: Schedule = in_turn,
) -> dict[str, Calls]:
    """Measure blocks of calls of each subject, by its name."""
    measured: dict[str, Calls] = defaultdict(Calls)
    with ExitStack() as running:
        pool = {
            subject: running.enter_context(runtime.environment(subject)) for subject in subjects
        }
        for subject, environment in pool.items():
            environment.start(first_event(subject))
        _block(runtime, pool, schedule, _WARMING_UP, 1)
        for number in range(1, blocks + 1):
            if number % 5 == 1:
                tell(f"warm calls, block {number} of {blocks}")
            first = _WARMING_UP + number * calls
            for name, block in _block(runtime, pool, schedule, calls, first).items():
                measured[name].cpu += block.cpu
                measured[name].inlet += block.inlet
        for subject, environment in pool.items():
            own = measured[subject.name]
            whole = environment.durations_ms()[-blocks * calls :]
            inlet = own.inlet or [0.0] * len(whole)
            own.durations = [one - of for one, of in zip(whole, inlet, strict=True)]
    return dict(measured)


def _block(
    runtime: BenchmarkRuntime,
    pool: dict[Subject, Environment],
    schedule: Schedule,
    calls: int,
    first: int,
) -> dict[str, Calls]:
    """Make this number of calls of each subject, with the numbers from `first` on.

    Between its own calls an environment takes no processor time.
    """
    content = body(BODY_BYTES)
    events = {
        subject: iter([webhook(subject.source, content, first + number) for number in range(calls)])
        for subject in pool
    }
    made = {subject.name: Calls() for subject in pool}
    before = {subject: environment.cpu_ms() for subject, environment in pool.items()}
    runtime.inlet_times_ms()
    for subject in schedule(list(pool), calls):
        pool[subject].call(next(events[subject]))
        made[subject.name].inlet += runtime.inlet_times_ms()
    for subject, environment in pool.items():
        made[subject.name].cpu.append((environment.cpu_ms() - before[subject]) / calls)
    return made
