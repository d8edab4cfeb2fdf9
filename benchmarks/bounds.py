"""Performance bounds: ratios of figures of one run."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from benchmarks import subjects
from benchmarks.command import HELP, LIBRARIES
from benchmarks.core import MAC_PRESETS, PARSE, SIGNATURE_IN_BODY
from benchmarks.figures import Figure, figure, paired_ratios, percentile
from benchmarks.inspector import FIRST_PAGE, RENDERED
from benchmarks.local_cloud import EDIT, VERDICT
from benchmarks.results import Results
from benchmarks.subjects import Subject

LARGE = 10_000
MEGABYTE = 1_000_000
# Bound and stretch of the messages per CPU second; 2.0 and 2.8 with larger messages.
_FORWARDING = {
    (1_000, subjects.FORWARDER_NO_RECORDS): (1.5, 2.0),
    (1_000, subjects.FORWARDER): (1.0, 1.5),
}
# Seconds of a machine of two cores.
_WAITING = {VERDICT: (20.0, 15.0), EDIT: (5.0, 3.0)}


@dataclass(frozen=True, slots=True)
class Bound:
    """A figure and its bound: the maximum, or the minimum if more is better."""

    name: str
    measured: Figure
    bound: float
    stretch: float
    more_is_better: bool = False

    @property
    def verdict(self) -> str:
        """`stretch`, `held` or `missed`, by the median."""
        sign = -1 if self.more_is_better else 1
        value = sign * self.measured.median
        if value <= sign * self.stretch:
            return "stretch"
        return "held" if value <= sign * self.bound else "missed"


def check_bounds(results: Results) -> Iterator[Bound]:
    """Return all bounds with the measured figures."""
    not_once, naive = subjects.RECEIVER_NOT_ONCE, subjects.NAIVE
    once, idiomatic = subjects.RECEIVER, subjects.IDIOMATIC_ONCE
    shipped, sources = subjects.RECEIVER_SHIPPED, subjects.IDIOMATIC_ONCE_SOURCES
    yield Bound("cold CPU, once-only off / naive", _cold(results, not_once, naive), 0.4, 0.33)
    yield Bound(
        "cold CPU, as shipped / idiomatic as `sam build` ships it",
        _cold(results, shipped, sources),
        0.2,
        0.12,
    )
    yield Bound("warm CPU, once-only off / naive", _warm(results, not_once, naive), 1.0, 0.7)
    yield Bound("warm CPU, once-only on / naive", _warm(results, once, naive), 1.0, 0.8)
    slow = _warm(results, subjects.RECEIVER_SLOW_TABLE, naive)
    distant = _warm(results, subjects.RECEIVER_DISTANT, subjects.NAIVE_DISTANT)
    late = f"warm CPU, once-only on, {subjects.TABLE_MS} ms of the table"
    yield Bound(f"{late} / naive", slow, 1.2, 1.0)
    yield Bound(f"{late}, both {subjects.INLET_MS} ms of the inlet / naive", distant, 1.2, 1.0)
    yield Bound(
        "warm CPU, once-only on / idiomatic with idempotency",
        _warm(results, once, idiomatic),
        0.4,
        0.25,
    )
    yield Bound("RSS / naive", _resident(results, once, naive), 0.8, 0.6)
    for size, of_size in results.batches.items():
        for subject in (subjects.FORWARDER_NO_RECORDS, subjects.FORWARDER):
            ratios = paired_ratios(of_size[subject.name], of_size[subjects.NAIVE_BATCH.name])
            name = f"{subject.name}, 100 × {size // 1000} kB, messages per CPU s / naive batch"
            bound, stretch = _FORWARDING.get((size, subject), (2.0, 2.8))
            yield Bound(name, figure(ratios), bound, stretch, more_is_better=True)
    durations = results.warm[once.name].durations
    spread = percentile(durations, 99) / percentile(durations, 50)
    yield Bound("handler time less the inlet's, p99 / p50", figure([spread]), 4, 3)
    yield from judge_verification(results.core)
    mapped = paired_ratios(results.core["map and envelope"][LARGE], results.core[PARSE][LARGE])
    yield Bound(f"mapping and enveloping 10 kB / {PARSE}", figure(mapped), 18, 9)
    command = paired_ratios(results.command[HELP], results.command[LIBRARIES])
    yield Bound(f"CPU, `{HELP}` / `{LIBRARIES}`", figure(command), 2.5, 1.5)
    for waited, (bound, stretch) in _WAITING.items():
        yield Bound(f"seconds, {waited}", figure(results.local_cloud[waited]), bound, stretch)
    listed = paired_ratios(results.inspector[FIRST_PAGE], results.inspector[RENDERED])
    yield Bound(f"CPU, {FIRST_PAGE} / {RENDERED}", figure(listed), 8, 5)
    total = sum(size.unzipped for size in results.sizes.values()) / MEGABYTE
    yield Bound("layers and functions, unzipped, MB", figure([total]), 60, 40)


def judge_verification(core: Mapping[str, Mapping[int, Sequence[float]]]) -> Iterator[Bound]:
    """Check the slowest scheme with the signature in a header and the slowest in the body.

    Every body is parsed to check whether the inlet accepts it. Verification of a signature in the
    body shares that parse, so its cost is the time of both minus the check alone. The unit is the
    parse of a body of this size in the same round, so that the bound holds on any machine.
    """
    in_header = {
        name: core[f"verify {name}"][LARGE] for name in MAC_PRESETS if name not in SIGNATURE_IN_BODY
    }
    in_body = {
        name: _differences(core[f"verify and check {name}"][LARGE], core[f"check {name}"][LARGE])
        for name in SIGNATURE_IN_BODY
    }
    hashing = [1.3 * spent for spent in core["bare hmac"][LARGE]]
    for times, where in ((in_header, "in a header"), (in_body, "in the body")):
        worst = max(times, key=lambda name: median(times[name]))
        over = paired_ratios(_differences(times[worst], hashing), core[PARSE][LARGE])
        name = f"verification of 10 kB, signature {where} ({worst}), over 1.3 × bare hmac / {PARSE}"
        yield Bound(name, figure(over), 0.55, 0.2)


def _differences(values: Sequence[float], base: Sequence[float]) -> list[float]:
    return [value - of for value, of in zip(values, base, strict=True)]


def _cold(results: Results, subject: Subject, base: Subject) -> Figure:
    own, other = results.cold[subject.name], results.cold[base.name]
    return figure(paired_ratios([one.cpu for one in own], [one.cpu for one in other]))


def _warm(results: Results, subject: Subject, base: Subject) -> Figure:
    return figure(paired_ratios(results.warm[subject.name].cpu, results.warm[base.name].cpu))


def _resident(results: Results, subject: Subject, base: Subject) -> Figure:
    own, other = results.cold[subject.name], results.cold[base.name]
    return figure(paired_ratios([one.resident for one in own], [one.resident for one in other]))
