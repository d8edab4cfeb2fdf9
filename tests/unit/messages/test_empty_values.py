"""A search in the bytes of a body proves what parsing the body shows."""

import json
from copy import replace
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bridge.delivery.delivery import Delivery
from bridge.messages.empty_values import has_empty_values, may_have_empty_values
from bridge.messages.xdm_entity import entity_of, forwards_bodies, is_own_entity
from bridge.messages.xdm_message import (
    is_entity,
    no_schemas,
    unchanged_document,
    xdm_message,
)
from bridge.sources.route import Coverage, Privacy, Route, RouteTarget
from bridge.strict_json import read_body, write_json
from tests.support import json_texts
from tests.support import sample_webhooks as samples
from tests.support.fakes import NOON

NAMES = st.sampled_from(["a", "b", "", "null", "identityMap"]) | st.text(max_size=3)
VALUES = st.recursive(
    st.sampled_from([None, "", "null", "[]", '"', "x", 1, -0.5, True]) | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=8,
)
OBJECTS = st.dictionaries(NAMES, VALUES, max_size=3)
INDENTS = st.sampled_from([None, 0, 1, "\t", " \r\n"])


def written(document: Any, indent: int | str | None, *, ascii_only: bool) -> bytes:
    separators = (",", ":") if indent is None else (" , ", " : ")
    text = json.dumps(document, indent=indent, separators=separators, ensure_ascii=ascii_only)
    return text.encode(errors="replace")


BODIES = st.builds(written, OBJECTS, INDENTS, ascii_only=st.booleans()) | (
    json_texts.objects.map(str.encode)
)


@given(BODIES)
@example(b'{"a":{ \n}}')
@example(b'{"a":[\t{"b":[ ]}]}')
@example(b'{"a":["", 1]}')
@example(b'{"a":{"b":null}}')
def test_search_in_bytes_finds_every_empty_value(body: bytes) -> None:
    if has_empty_values(read_body(body)):
        assert may_have_empty_values(body)


@given(BODIES)
@example(b'{"\\u0069dentityMap":{"Phone":[{"id":"1"}]}}')
@example(b'{"identityMap":{"Phone":[{"id":"1"}]}}')
@example(b"{}")
@example(b"{\n}")
def test_body_that_needs_no_parsing_is_the_entity(body: bytes) -> None:
    source = samples.source()
    delivery = Delivery("github", "d-1", "id:d-1", "issues", "events", NOON, NOON, body)

    assert forwards_bodies(source, "events")
    assert is_own_entity(delivery) is is_entity(body)
    if is_entity(body):
        parsed = xdm_message(source, delivery, unchanged_document(body), body, no_schemas)
        assert parsed.content == body
        assert (parsed.faults, parsed.warnings) == ((), ())
        assert entity_of(source, delivery) == (body, (), ())


@pytest.mark.parametrize(
    "document", [{"a": 1}, {"a": "ü", "b": [{"c": 1.5}], "d": {"e": True}, "f": "nothing"}]
)
def test_most_bodies_need_no_parsing(document: Any) -> None:
    assert is_entity(write_json(document))
    assert is_entity(json.dumps(document, ensure_ascii=False).encode())


@pytest.mark.parametrize(
    "changes",
    [
        {"routes": (Route((RouteTarget("events", '{"a":1}'),)),)},
        {"routes": (Route((RouteTarget("events"),), when="a"),)},
        {"routes": (Route((RouteTarget("people"),)),)},
        {"privacy": Privacy(drop=("a",))},
        {"coverage": Coverage(body=False, signed=("json:a",))},
        {"connection": replace(samples.connection(), data_type="raw")},
        {"flows": {"events": replace(samples.flow(), behavior="time-series")}},
        {"flows": {"events": replace(samples.flow(), checks="s-1")}},
    ],
)
def test_body_of_a_source_that_changes_or_checks_it_is_not_forwarded_as_it_is(
    changes: dict[str, Any],
) -> None:
    assert not forwards_bodies(replace(samples.source(), **changes), "events")


@pytest.mark.parametrize(
    "changes",
    [{"kind": "received"}, {"body": b'{"a":""}'}, {"body": write_json({"a": "x" * 10_000})}],
)
def test_body_that_was_not_json_is_empty_or_large_is_not_forwarded_as_it_is(
    changes: dict[str, Any],
) -> None:
    delivery = Delivery("github", "d-1", "id:d-1", "issues", "events", NOON, NOON, b'{"a":1}')

    assert is_own_entity(delivery)
    assert not is_own_entity(replace(delivery, **changes))
