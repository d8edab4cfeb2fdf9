"""Judging a figure."""

import pytest

from tools.bench.bounds import Bound
from tools.bench.figures import figure


@pytest.mark.parametrize(
    ("value", "verdict"),
    [(0.4, "stretch"), (0.45, "stretch"), (0.5, "held"), (0.65, "held"), (0.66, "missed")],
)
def test_less_is_better(value: float, verdict: str) -> None:
    assert Bound("ratio", figure([value]), 0.65, 0.45).verdict == verdict


@pytest.mark.parametrize(("value", "verdict"), [(2.8, "stretch"), (2.0, "held"), (1.9, "missed")])
def test_more_is_better_where_a_rate_is_meant(value: float, verdict: str) -> None:
    assert Bound("rate", figure([value]), 2.0, 2.8, more_is_better=True).verdict == verdict
