"""Sets of measured values: their median and range, and the ratio of two."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """What several measurements of one thing came to."""

    least: float
    median: float
    most: float
    count: int


def figure(values: Sequence[float]) -> Figure:
    """Least, median and most of at least one value."""
    return Figure(min(values), statistics.median(values), max(values), len(values))


def percentile(values: Sequence[float], percent: float) -> float:
    """The smallest value that so many percent of the values do not exceed (nearest rank)."""
    ordered = sorted(values)
    rank = -(-len(ordered) * percent // 100)
    return ordered[max(int(rank) - 1, 0)]


def paired_ratios(values: Sequence[float], base: Sequence[float]) -> list[float]:
    """Value by base, round by round: what disturbs a whole round disturbs both."""
    return [value / of for value, of in zip(values, base, strict=True)]
