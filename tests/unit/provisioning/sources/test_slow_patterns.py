"""The deployment warns of patterns whose time a text of the sender can double."""

from typing import Any

import pytest

from bridge.provisioning.sources.declaration import warnings
from tests.support.built_routes import built

SLOW = "^(a+)+$"


def of(schema: dict[str, Any]) -> list[str]:
    routes = [{"Flow": "events", "Schema": schema, "Map": {"eventType": "event_type"}}]
    return [each for each in warnings(built(Routes=routes)) if "repeats a repetition" in each]


@pytest.mark.parametrize(
    "schema",
    [
        {"properties": {"name": {"pattern": SLOW}}},
        {"properties": {"names": {"items": {"anyOf": [{"pattern": SLOW}]}}}},
        {"patternProperties": {SLOW: True}},
    ],
)
def test_pattern_with_nested_repetitions_is_a_warning(schema: dict[str, Any]) -> None:
    [warning] = of(schema)

    assert warning.startswith(
        f"Routes.0.Schema of source shop has the pattern {SLOW}, which repeats a repetition:"
    )


def test_each_pattern_is_named_once() -> None:
    assert len(of({"properties": {"a": {"pattern": SLOW}, "b": {"pattern": SLOW}}})) == 1


def test_other_patterns_are_no_warning() -> None:
    assert of({"properties": {"pattern": {"pattern": "^a+$"}}}) == []
