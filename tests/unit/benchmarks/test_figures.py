"""Medians, percentiles and ratios."""

import pytest

from benchmarks.figures import Figure, figure, paired_ratios, percentile


def test_figure_is_the_median_with_its_range() -> None:
    assert figure([3.0, 1.0, 2.0, 9.0]) == Figure(least=1.0, median=2.5, most=9.0, count=4)


@pytest.mark.parametrize(
    ("percent", "expected"), [(0, 1), (50, 50), (95, 95), (99, 99), (100, 100)]
)
def test_percentile_is_a_value_that_was_measured(percent: float, expected: float) -> None:
    assert percentile([float(value) for value in range(100, 0, -1)], percent) == expected


def test_of_one_value_every_percentile_is_that_value() -> None:
    assert percentile([7.0], 1) == percentile([7.0], 99) == 7.0


def test_disturbed_round_disturbs_no_paired_ratio() -> None:
    """Both values of the second round are doubled."""
    assert paired_ratios([1.0, 2.0], [2.0, 4.0]) == [0.5, 0.5]


def test_rounds_that_lack_a_partner_are_no_ratios() -> None:
    with pytest.raises(ValueError, match="shorter"):
        paired_ratios([1.0, 2.0], [2.0])
