"""The deployment warns of patterns whose time a text of the sender can double."""

import re
from typing import Any

import pytest

from bridge.messages.backtracking import may_double
from bridge.provisioning.sources.declaration import warnings
from bridge.verification.catalogue import PRESETS
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


def test_pattern_that_any_request_meets_is_a_warning() -> None:
    handshake = {"When": ["query:a"], "Answer": {"Text": "{query:a}"}, "Signed": False}
    source = built(Routes=[{"Flow": "events"}], Handshakes=[handshake | {"Pattern": SLOW}])

    [warning] = [each for each in warnings(source) if "repeats a repetition" in each]

    assert warning.startswith(f"Handshakes.0.Pattern of source shop has the pattern {SLOW},")


def test_no_preset_has_such_a_pattern() -> None:
    for name, preset in PRESETS.items():
        address = getattr(preset.scheme, "address", None)
        patterns = [each for one in preset.handshakes for each in (one.pattern, one.allow)]
        patterns += [address.allow, address.subject, address.issuers] if address else []
        # Constants are escaped, and so are no repetitions.
        patterns = [re.sub(r"\{const:[^{}]*\}", "constant", each) for each in patterns]

        assert not any(map(may_double, patterns)), name
