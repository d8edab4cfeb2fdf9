"""Judging a figure."""

import pytest

from tools.bench.bounds import LARGE, Bound, judge_verification
from tools.bench.core import MAC_PRESETS
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


def test_what_reading_json_costs_is_told_apart() -> None:
    """A sender whose proof is within the JSON cannot be verified before it is read."""
    times = {f"verify {name}": 12.0 for name in MAC_PRESETS}
    times |= {"bare hmac": 10.0, "bare json.loads": 50.0, "verify linear": 65.0}
    bounds = list(judge_verification({name: {LARGE: [spent]} for name, spent in times.items()}))

    assert [bound.measured.median for bound in bounds] == [-1.0, 52.0, 2.0]
    assert [bound.verdict for bound in bounds] == ["stretch", "missed", "stretch"]
    assert ["linear" in bound.name for bound in bounds] == [False, True, True]
