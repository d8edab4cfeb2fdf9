"""Cold starts: each subject once per round."""

from collections import defaultdict
from collections.abc import Callable, Sequence

from benchmarks.environment import Start
from benchmarks.events import body, webhook
from benchmarks.imports import Import
from benchmarks.runtime import BenchmarkRuntime
from benchmarks.subjects import Subject

BODY_BYTES = 1_000


def measure_cold(
    runtime: BenchmarkRuntime,
    subjects: Sequence[Subject],
    rounds: int,
    tell: Callable[[str], None],
) -> dict[str, list[Start]]:
    """Measure the starts of each subject, by its name."""
    starts: dict[str, list[Start]] = defaultdict(list)
    for number in range(1, rounds + 1):
        tell(f"cold starts, round {number} of {rounds}")
        for subject in subjects:
            with runtime.environment(subject) as environment:
                starts[subject.name].append(environment.start(first_event(subject)))
    return dict(starts)


def profile_imports(runtime: BenchmarkRuntime, subject: Subject) -> list[Import]:
    """List the imports of a cold start until the first response, with microseconds each."""
    variables = {"PYTHONPROFILEIMPORTTIME": "1"}
    with runtime.environment(subject, variables) as environment:
        environment.start(first_event(subject))
        return environment.imports()


def first_event(subject: Subject) -> bytes:
    """A webhook of 1 kB."""
    return webhook(subject.source, body(BODY_BYTES))
