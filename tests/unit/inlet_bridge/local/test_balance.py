"""Tests of the equation of a run."""

import pytest

from inlet_bridge.local.balance import Balance, balance_of
from inlet_bridge.local.deliveries import Record

KEYS = [("github", str(number)) for number in range(6)]
NOTHING_ELSE = " + 0 filtered + 0 dead + 0 failed + 0 in flight"


def records(*states: str) -> dict[tuple[str, str], Record]:
    return {key: Record(state, "", "") for key, state in zip(KEYS, states, strict=False)}


def test_accepted_webhooks_are_ingested_filtered_dead_failed_or_in_flight() -> None:
    states = ("delivered", "delivered", "filtered", "dead", "failed", "buffered")
    balance = balance_of(KEYS, records(*states), {"ingested": 1, "failed": 1, "pending": 1})

    assert balance == Balance(6, ingested=1, filtered=1, dead=1, failed=1, in_flight=2)
    assert balance.holds
    assert str(balance) == (
        "6 accepted = 1 ingested + 1 filtered + 1 dead + 1 failed + 2 in flight"
    )


def test_run_in_which_adobe_ingested_everything_has_no_faults() -> None:
    balance = balance_of(KEYS[:2], records("delivered", "filtered"), {"ingested": 1})

    assert balance.faults() == []


@pytest.mark.parametrize(
    ("states", "counts", "fault"),
    [
        (("delivered",), {"failed": 1}, "Adobe accepted 1 messages and rejected them later"),
        (("dead",), {}, "1 webhooks are dead letters"),
        (("buffered",), {}, "1 webhooks are not ingested yet"),
        (("delivered",), {"pending": 1}, "1 webhooks are not ingested yet"),
        (
            ("delivered",),
            {},
            f"the numbers differ: 1 accepted = 0 ingested{NOTHING_ELSE}",
        ),
        (
            ("delivered",),
            {"ingested": 2},
            f"the numbers differ: 1 accepted = 2 ingested{NOTHING_ELSE}",
        ),
    ],
)
def test_run_fails_if_adobe_did_not_ingest_what_was_accepted(
    states: tuple[str, ...], counts: dict[str, int], fault: str
) -> None:
    assert balance_of(KEYS[: len(states)], records(*states), counts).faults() == [fault]


def test_repetition_counts_once() -> None:
    assert balance_of([KEYS[0], KEYS[0]], records("delivered"), {"ingested": 1}).holds
