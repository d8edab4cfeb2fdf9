"""The deployment warns of webhooks that are sent as they are to a flow with an XDM schema."""

from typing import Any

import pytest

from bridge.provisioning.sources.declaration import warnings
from tests.support.built_routes import built

_EVENTS = {"Flow": "events"}
_MAP = {"Map": {"eventType": "event_type"}}
_SCHEME = {"Family": "token", "From": "header:x-token"}


def _unmapped(**properties: Any) -> list[str]:
    return [each for each in warnings(built(**properties)) if "has no Map" in each]


def test_body_as_a_message_is_a_warning() -> None:
    [text] = _unmapped(Routes=[_EVENTS])

    assert text.startswith("source shop has no Map for flow events: the body itself is the message")
    assert "`inlet recipes shopify` shows one" in text
    assert len(_unmapped(Routes=[{**_EVENTS, "When": "body.a"}, _EVENTS])) == 1


@pytest.mark.parametrize(
    "properties",
    [
        {"Routes": [_EVENTS | _MAP]},
        {"Routes": [{"Flow": "people"}]},
        {"Routes": [_EVENTS], "schema": None},
        {"Routes": [_EVENTS], "data_type": "raw"},
        {"Routes": [_EVENTS], "Provider": None, "Secrets": [], "Verification": "iam"},
        {"Routes": [_EVENTS], "Provider": None, "Scheme": _SCHEME},
    ],
    ids=["map", "other flow", "unknown schema", "raw", "own events", "own sender"],
)
def test_other_sources_have_no_such_warning(properties: dict[str, Any]) -> None:
    assert _unmapped(**properties) == []
