"""What Adobe finds out about a message after it has said yes."""

from typing import Any

import pytest

from adobe_emulator.entity_check import fault_of
from adobe_emulator.xdm_schemas import EVENTS_SCHEMA_ID, SCHEMA_ID, SCHEMAS

EVENT: dict[str, Any] = {"_id": "a", "timestamp": "2026-11-01T12:00:00Z"}


def test_event_needs_no_more_than_its_class_asks() -> None:
    assert fault_of(SCHEMAS[EVENTS_SCHEMA_ID], EVENT) is None


def test_schema_that_says_nothing_takes_anything() -> None:
    assert fault_of(SCHEMAS[SCHEMA_ID], {"action": "opened"}) is None


@pytest.mark.parametrize(
    ("entity", "fault"),
    [
        ({"_id": "a"}, "required does not hold at #/"),
        (EVENT | {"timestamp": "yesterday"}, "pattern does not hold at #/timestamp"),
        (EVENT | {"eventType": None}, "type does not hold at #/eventType"),
        (EVENT | {"colour": "red"}, "extraneous key is not permitted at #/"),
        (EVENT | {"web": {"x": 1}}, "extraneous key is not permitted at #/web"),
        (
            EVENT | {"identityMap": {"Email": [{"primary": True}]}},
            "required does not hold at #/identityMap/Email/0",
        ),
        (
            EVENT | {"commerce": {"order": {"currencyCode": "euro"}}},
            "pattern does not hold at #/commerce/order/currencyCode",
        ),
    ],
)
def test_mismatch_is_reported_with_its_path(entity: dict[str, Any], fault: str) -> None:
    assert fault_of(SCHEMAS[EVENTS_SCHEMA_ID], entity) == fault
