"""The totals of ingestion are a sentence."""

from datetime import UTC, datetime

import pytest

from inlet_bridge.cli.ingestion_tables import totals
from inlet_bridge.operations.ingestion.ingestion import Ingestion

SINCE = datetime(2026, 11, 29, tzinfo=UTC)


@pytest.mark.parametrize(
    ("rejected", "sentence"),
    [
        (0, "0 rejected messages need attention."),
        (1, "1 rejected message needs attention."),
        (2, "2 rejected messages need attention."),
    ],
)
def test_number_of_rejected_messages_has_its_form(rejected: int, sentence: str) -> None:
    assert totals(Ingestion(SINCE, (), (), rejected)).plain.endswith(sentence)
