"""Judging a figure."""

import pytest

from benchmarks.bounds import LARGE, Bound, judge_verification
from benchmarks.core import MAC_PRESETS, SIGNATURE_IN_BODY
from benchmarks.figures import figure

CHECKS = ("check", "verify and check")


@pytest.mark.parametrize(
    ("value", "verdict"),
    [(0.4, "stretch"), (0.45, "stretch"), (0.5, "held"), (0.65, "held"), (0.66, "missed")],
)
def test_less_is_better(value: float, verdict: str) -> None:
    assert Bound("ratio", figure([value]), 0.65, 0.45).verdict == verdict


@pytest.mark.parametrize(("value", "verdict"), [(2.8, "stretch"), (2.0, "held"), (1.9, "missed")])
def test_more_is_better_where_a_rate_is_meant(value: float, verdict: str) -> None:
    assert Bound("rate", figure([value]), 2.0, 2.8, more_is_better=True).verdict == verdict


def test_overhead_of_verification_is_checked() -> None:
    """A sender whose proof is within the JSON cannot be verified before it is read."""
    times = {f"verify {name}": 12.0 for name in MAC_PRESETS}
    times |= {f"check {name}": 50.0 for name in SIGNATURE_IN_BODY}
    times |= {f"verify and check {name}": 65.0 for name in SIGNATURE_IN_BODY}
    times |= {"bare hmac": 10.0, "verify linear": 65.0, "verify and check linear": 93.0}
    times |= {"bare json.loads": 50.0}
    bounds = list(judge_verification({name: {LARGE: [spent]} for name, spent in times.items()}))

    assert [bound.measured.median for bound in bounds] == [-0.02, 0.6]
    assert [bound.verdict for bound in bounds] == ["stretch", "missed"]
    assert ["linear" in bound.name for bound in bounds] == [False, True]


@pytest.mark.parametrize("slower", [1, 3])
def test_bound_of_verification_does_not_depend_on_the_machine(slower: int) -> None:
    times = {f"verify {name}": 30.0 for name in MAC_PRESETS}
    times |= {f"{check} {name}": 50.0 for name in SIGNATURE_IN_BODY for check in CHECKS}
    times |= {"bare hmac": 10.0, "bare json.loads": 50.0}
    bounds = judge_verification({name: {LARGE: [spent * slower]} for name, spent in times.items()})

    assert [round(bound.measured.median, 2) for bound in bounds] == [0.34, -0.26]
