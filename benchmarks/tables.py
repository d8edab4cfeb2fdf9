"""Format the results as Markdown."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from statistics import median

from benchmarks import subjects
from benchmarks.bounds import LARGE, Bound, check_bounds
from benchmarks.figures import Figure, figure, paired_ratios, percentile
from benchmarks.imports import by_package
from benchmarks.results import Results
from benchmarks.warm import Calls

_LEAST_PACKAGE_MS = 2.0


def report(results: Results) -> str:
    """All tables, most important first."""
    sections = [
        ("Against the bounds", _bounds(check_bounds(results))),
        ("Cold start, CPU ms to the first answer", _cold(results)),
        ("Cold start, INIT and first call in ms, RSS in MB", _start(results)),
        ("Warm call, CPU ms", _warm(results.warm)),
        ("Warm call, handler ms less the inlet's", _durations(results)),
        ("Warm call without a pause, CPU ms", _warm(results.unpaused)),
        ("Forwarding, messages per CPU second", _batches(results)),
        ("Core, CPU µs per call", _core(results)),
        ("Unzipped and zipped MB", _sizes(results)),
        ("Imports of a cold start, ms by package", _imports(results)),
        ("Noise: a second copy of naive / naive", _noise(results)),
    ]
    return "\n".join(f"## {title}\n\n{table}\n" for title, table in sections)


def _bounds(bounds: Iterable[Bound]) -> str:
    head = ("figure", "least", "median", "most", "bound", "stretch", "")
    return table(
        head,
        (
            (
                bound.name,
                *_range(bound.measured, 2),
                f"{'≥' if bound.more_is_better else '≤'} {bound.bound:g}",
                f"{bound.stretch:g}",
                bound.verdict,
            )
            for bound in bounds
        ),
    )


def _cold(results: Results) -> str:
    naive = median(start.cpu for start in results.cold[subjects.NAIVE.name])
    rows = (
        (name, *_compared([start.cpu for start in starts], naive, 0))
        for name, starts in results.cold.items()
    )
    return table(("subject", "least", "median", "most", "× naive"), rows)


def _start(results: Results) -> str:
    rows = (
        (
            name,
            f"{median(start.init for start in starts):.0f}",
            f"{median(start.first for start in starts):.0f}",
            f"{median(start.resident for start in starts):.1f}",
        )
        for name, starts in results.cold.items()
    )
    return table(("subject", "INIT", "first call, with INIT", "RSS"), rows)


def _warm(measured: Mapping[str, Calls]) -> str:
    naive = median(measured[subjects.NAIVE.name].cpu)
    rows = ((name, *_compared(calls.cpu, naive, 2)) for name, calls in measured.items())
    return table(("subject", "least", "median", "most", "× naive"), rows)


def _durations(results: Results) -> str:
    def cells(durations: Sequence[float]) -> Iterator[str]:
        found = [percentile(durations, percent) for percent in (50, 95, 99)]
        yield from (f"{value:.2f}" for value in found)
        yield f"{found[2] / found[0]:.1f}"

    rows = ((name, *cells(calls.durations)) for name, calls in results.warm.items())
    return table(("subject", "p50", "p95", "p99", "p99 / p50"), rows)


def _batches(results: Results) -> str:
    rows = []
    for size, of_size in results.batches.items():
        naive = median(of_size[subjects.NAIVE_BATCH.name])
        for name, rates in of_size.items():
            rows.append((f"{name}, 100 × {size // 1000} kB", *_compared(rates, naive, 0)))
    return table(("subject", "least", "median", "most", "× naive batch"), rows)


def _core(results: Results) -> str:
    bare = median(results.core["bare hmac"][LARGE])
    rows = []
    for name, by_size in results.core.items():
        for size, times in by_size.items():
            over = f"{median(times) - 1.3 * bare:.1f}" if size == LARGE else ""
            rows.append((f"{name}, {size // 1000} kB", *_range(figure(times), 1), over))
    return table(("call", "least", "median", "most", "over 1.3 × bare hmac"), rows)


def _sizes(results: Results) -> str:
    rows = [
        (name, f"{size.unzipped / 1e6:.2f}", f"{size.zipped / 1e6:.2f}")
        for name, size in results.sizes.items()
    ]
    return table(("function or layer", "unzipped", "zipped"), rows)


def _imports(results: Results) -> str:
    packages = {name: by_package(imports) for name, imports in results.imports.items()}
    rows = (
        (name, f"{package}", f"{spent:.0f}")
        for name, of_subject in packages.items()
        for package, spent in of_subject.items()
        if spent >= _LEAST_PACKAGE_MS
    )
    return table(("subject", "package", "ms"), rows)


def _noise(results: Results) -> str:
    once, again = subjects.NAIVE.name, subjects.NAIVE_AGAIN.name
    starts = [[start.cpu for start in results.cold[name]] for name in (again, once)]
    calls = [results.warm[name].cpu for name in (again, once)]
    cold, warm = paired_ratios(*starts), paired_ratios(*calls)
    rows = [("cold CPU", *_range(figure(cold), 2)), ("warm CPU", *_range(figure(warm), 2))]
    return table(("ratio", "least", "median", "most"), rows)


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table; all columns but the first are numbers."""
    rule = ["---", *["---:"] * (len(head) - 1)]
    return "\n".join(f"| {' | '.join(row)} |" for row in [head, rule, *rows])


def _compared(values: Sequence[float], base: float, digits: int) -> tuple[str, ...]:
    measured = figure(values)
    return (*_range(measured, digits), f"{measured.median / base:.2f}")


def _range(measured: Figure, digits: int) -> tuple[str, str, str]:
    least, middle, most = (
        f"{value:,.{digits}f}" for value in (measured.least, measured.median, measured.most)
    )
    return least, middle, most
