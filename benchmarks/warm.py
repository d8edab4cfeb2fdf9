"""Warm calls: one environment per subject, called in alternating blocks."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field

from benchmarks.cold import BODY_BYTES, first_event
from benchmarks.environment import Environment
from benchmarks.events import body, webhook
from benchmarks.runtime import BenchmarkRuntime
from benchmarks.subjects import Subject

_WARMING_UP = 20


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


def measure_warm(
    runtime: BenchmarkRuntime,
    subjects: Sequence[Subject],
    blocks: int,
    calls: int,
    tell: Callable[[str], None],
) -> dict[str, Calls]:
    """Measure blocks of calls of each subject, by its name."""
    measured: dict[str, Calls] = defaultdict(Calls)
    with ExitStack() as running:
        pool = [
            (subject, running.enter_context(runtime.environment(subject))) for subject in subjects
        ]
        for subject, environment in pool:
            environment.start(first_event(subject))
            _block(runtime, subject, environment, _WARMING_UP, 0)
        for number in range(1, blocks + 1):
            if number % 5 == 1:
                tell(f"warm calls, block {number} of {blocks}")
            for subject, environment in pool:
                first = _WARMING_UP + number * calls
                cpu, inlet = _block(runtime, subject, environment, calls, first)
                measured[subject.name].cpu.append(cpu / calls)
                measured[subject.name].inlet += inlet
        for subject, environment in pool:
            own = measured[subject.name]
            whole = environment.durations_ms()[-blocks * calls :]
            inlet = own.inlet or [0.0] * len(whole)
            own.durations = [one - of for one, of in zip(whole, inlet, strict=True)]
    return dict(measured)


def _block(
    runtime: BenchmarkRuntime, subject: Subject, environment: Environment, calls: int, first: int
) -> tuple[float, list[float]]:
    """Make this number of calls; return CPU time and the inlet's time of each."""
    content = body(BODY_BYTES)
    events = [webhook(subject.source, content, first + number) for number in range(calls)]
    runtime.inlet_times_ms()
    before = environment.cpu_ms()
    for event in events:
        environment.call(event)
    return environment.cpu_ms() - before, runtime.inlet_times_ms()
