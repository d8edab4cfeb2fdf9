"""Median, range and ratio of measured values."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """The summary of repeated measurements."""

    least: float
    median: float
    most: float
    count: int


def figure(values: Sequence[float]) -> Figure:
    """Minimum, median and maximum of at least one value."""
    return Figure(min(values), statistics.median(values), max(values), len(values))


def percentile(values: Sequence[float], percent: float) -> float:
    """The smallest value that so many percent of the values do not exceed (nearest rank)."""
    ordered = sorted(values)
    rank = -(-len(ordered) * percent // 100)
    return ordered[max(int(rank) - 1, 0)]


def paired_ratios(values: Sequence[float], base: Sequence[float]) -> list[float]:
    """The ratio of each round: a disturbance of the round affects both values."""
    return [value / of for value, of in zip(values, base, strict=True)]
