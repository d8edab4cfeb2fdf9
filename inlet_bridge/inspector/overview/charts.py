"""Lay out charts of numbers over time; templates draw them as SVG, with a text and a table."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from inlet_bridge.operations.monitoring.time_span import TimeSpan

WIDTH: Final = 600
HEIGHT: Final = 90
_MARGIN: Final = 4

type Numbers = Sequence[int | None]


@dataclass(frozen=True, slots=True)
class Line:
    """A series of a chart.

    Attributes:
        name: for the legend, and the end of its class in the style sheet.
        points: `x,y` of each polyline; a period without a number interrupts it.
        total: the sum, or the largest number for what cannot be added.
    """

    name: str
    points: tuple[str, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart.

    Attributes:
        top: the number at its upper edge.
        summary: what it shows, as a sentence.
        rows: the periods with a number other than 0, newest first, for the table.
    """

    title: str
    begin: datetime
    end: datetime
    lines: tuple[Line, ...]
    top: int
    summary: str
    rows: tuple[tuple[datetime, Numbers], ...]


def chart(
    title: str, span: TimeSpan, series: Mapping[str, Numbers], *, adds_up: bool = True
) -> Chart:
    """Lay out a chart.

    Args:
        title: what the numbers are of.
        span: the periods.
        series: a number for each period, by name.
        adds_up: whether the numbers of the periods can be added, unlike the depth of a queue.
    """
    top = max((each or 0 for numbers in series.values() for each in numbers), default=0)
    lines = tuple(
        Line(name, tuple(_polylines(numbers, max(top, 1))), _total(numbers, adds_up=adds_up))
        for name, numbers in series.items()
    )
    word = "" if adds_up else "at most "
    figures = ", ".join(f"{word}{line.total:,} {line.name}" for line in lines)
    rows = tuple(
        (begin, numbers)
        for begin, *numbers in reversed(list(zip(span.begins, *series.values(), strict=True)))
        if any(numbers)
    )
    return Chart(title, span.start, span.known_until, lines, top, f"{title}: {figures}.", rows)


def _total(numbers: Numbers, *, adds_up: bool) -> int:
    known = [each for each in numbers if each is not None]
    return sum(known) if adds_up else max(known, default=0)


def _polylines(numbers: Numbers, top: int) -> Iterator[str]:
    step = WIDTH / max(len(numbers) - 1, 1)
    points: list[str] = []
    for index, number in enumerate(numbers):
        if number is None:
            if points:
                yield " ".join(points)
            points = []
            continue
        y = HEIGHT - _MARGIN - number / top * (HEIGHT - 2 * _MARGIN)
        points.append(f"{index * step:.1f},{y:.1f}")
    if points:
        yield " ".join(points)
