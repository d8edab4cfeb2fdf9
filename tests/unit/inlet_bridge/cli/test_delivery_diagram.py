"""Tests of the diagram of deliveries."""

from inlet_bridge.cli.delivery_diagram import distinct_messages, picture
from inlet_bridge.local.scenario import Variation
from tests.support.verdicts import verdict

VERDICTS = [
    verdict("github", xaction_id="x-1"),
    verdict("github", xaction_id="x-2", later=True),
    verdict("github", xaction_id="x-2", variation=Variation.AGAIN),
    verdict("stripe", xaction_id="", variation=Variation.STALE),
    verdict("slack", xaction_id="", status=503, faults=("answered 503",)),
]


def test_every_webhook_is_a_mark_next_to_its_sender() -> None:
    lines = picture(VERDICTS, "8f4ff31e-78de").plain.splitlines()

    assert "github   ●○ " in lines[0]
    assert "stripe   ✗ " in lines[1]
    assert "slack    ! " in lines[3]


def test_delivery_paths_are_counted() -> None:
    drawn = picture(VERDICTS, "8f4ff31e-78de").plain

    for words in ("1 ● inline", "1 ○ buffered", "1 ✗ refused", "1 ! went wrong"):
        assert words in drawn
    assert "2 messages" in drawn


def test_no_error_is_reported_if_everything_is_correct() -> None:
    assert "went wrong" not in picture(VERDICTS[:4], "8f4ff31e").plain


def test_diagram_fits_in_eighty_columns() -> None:
    many = [verdict(xaction_id=f"x-{number}") for number in range(500)]

    assert all(len(line) <= 80 for line in picture(many, "8f4ff31e-78de").plain.splitlines())


def test_duplicate_is_not_a_separate_message() -> None:
    assert distinct_messages(VERDICTS) == 2
