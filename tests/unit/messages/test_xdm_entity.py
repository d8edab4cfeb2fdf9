"""What a delivery becomes."""

import hashlib
import json
from copy import replace
from datetime import timedelta
from typing import Any

import pytest

from bridge.delivery.delivery import Delivery
from bridge.errors import MappingError
from bridge.messages.xdm_entity import entity_of
from bridge.sources.route import Route, RouteTarget
from bridge.sources.source import Source
from tests.support import sample_webhooks as samples
from tests.support.fakes import NOON

EVENTS = replace(samples.flow(), behavior="time-series")
SECRET = "4111111111111111"


def source(*routes: Route, **changes: Any) -> Source:
    flows = {"events": EVENTS, "orders": EVENTS, "people": samples.flow()}
    return replace(samples.source(), routes=routes, flows=flows, **changes)


def delivery(body: object, flow: str = "events", **changes: Any) -> Delivery:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return replace(
        Delivery("github", "d-1", "id:d-1", "issues", flow, NOON, NOON, content), **changes
    )


def entity(configured: Source, sent: Delivery) -> Any:
    return json.loads(entity_of(configured, sent).content)


PLAIN = Route((RouteTarget("events"),))
ID = hashlib.sha256(b"github\nid:d-1").hexdigest()


def mapped(template: object, flow: str = "events", **changes: Any) -> Route:
    return Route((RouteTarget(flow, json.dumps(template)),), **changes)


def test_body_is_the_entity_byte_for_byte() -> None:
    body = b'{ "a" : 1.50 }'

    assert entity_of(samples.source(), delivery(body)).content == body


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b'{ "a" : 1.50 }', f'{{"_id":"{ID}","timestamp":"2026-11-01T12:00:00Z", "a" : 1.50 }}'),
        (b" {}", f'{{"_id":"{ID}","timestamp":"2026-11-01T12:00:00Z"}}'),
        (b'{"_id": "x"}', '{"timestamp":"2026-11-01T12:00:00Z","_id": "x"}'),
        (b'{"_id": "x", "timestamp": "y"}', '{"_id": "x", "timestamp": "y"}'),
    ],
)
def test_event_gets_what_its_class_asks_for_and_keeps_its_bytes(body: bytes, expected: str) -> None:
    """ExperienceEvent asks for `_id` and `timestamp`."""
    assert entity_of(source(PLAIN), delivery(body)).content.decode() == expected


def test_id_of_an_event_is_the_same_each_time_and_differs_from_all_others() -> None:
    first = entity(source(PLAIN), delivery({"a": 1}))
    again = entity(source(PLAIN), delivery({"a": 1}, received_at=NOON + timedelta(hours=1)))
    other = entity(source(PLAIN), delivery({"a": 1}, key="id:d-2"))

    assert first["_id"] == again["_id"] != other["_id"]


def test_time_of_an_event_is_the_senders_where_it_gives_one() -> None:
    sent = delivery({}, sent_at=NOON - timedelta(seconds=5))

    assert entity(source(PLAIN), sent)["timestamp"] == "2026-11-01T11:59:55Z"


def test_map_makes_the_entity_without_what_is_empty() -> None:
    template = {
        "_id": "delivery_id",
        "eventType": "event_type",
        "person": {"name": "body.name", "middle": "body.middle"},
        "empty": {"a": "body.nowhere", "b": ["body.middle", None]},
    }

    assert entity(source(mapped(template)), delivery({"name": "Jane", "middle": ""})) == {
        "_id": "d-1",
        "timestamp": "2026-11-01T12:00:00Z",
        "eventType": "issues",
        "person": {"name": "Jane"},
    }


def test_record_gets_no_id_of_an_event() -> None:
    route = mapped({"name": "body.name"}, "people")

    assert entity(source(route), delivery({"name": "Jane"}, "people")) == {"name": "Jane"}


def test_identities_have_one_primary() -> None:
    """The first namespace that has a value."""
    identity = (("ECID", "body.ecid"), ("Email", "lower(body.email)"), ("Phone", "body.phone"))
    target = RouteTarget("people", '{"a": "body.a"}', identity)
    body = {"a": 1, "email": "Jane@Example.com", "phone": 555}

    assert entity(source(Route((target,))), delivery(body, "people")) == {
        "a": 1,
        "identityMap": {
            "Email": [{"id": "jane@example.com", "primary": True}],
            "Phone": [{"id": "555"}],
        },
    }


def test_identities_can_stand_beside_the_body_as_it_is() -> None:
    target = RouteTarget("people", identity=(("Email", "body.email"),))

    assert entity(source(Route((target,))), delivery({"email": "a@b.c"}, "people")) == {
        "email": "a@b.c",
        "identityMap": {"Email": [{"id": "a@b.c", "primary": True}]},
    }


def test_map_is_that_of_the_first_route_that_holds_and_leads_to_the_flow() -> None:
    routes = (
        mapped({"n": 1}, when="event_type == 'other'"),
        mapped({"n": 2}, "orders"),
        mapped({"n": 3}),
    )

    assert entity(source(*routes), delivery({}))["n"] == 3


def test_where_the_routes_have_changed_the_one_that_leads_to_the_flow_counts() -> None:
    """The flow was chosen when the webhook came."""
    routes = (mapped({"n": 1}, when="event_type == 'other'"), mapped({"n": 2}, "orders"))

    assert entity(source(*routes), delivery({}))["n"] == 1


def test_where_no_route_leads_to_the_flow_any_more_nothing_is_guessed() -> None:
    with pytest.raises(MappingError, match="no route leads to flow events"):
        entity_of(source(mapped({"n": 1}, "orders")), delivery({}))


def test_without_any_map_what_waits_for_a_former_flow_goes_on_to_it() -> None:
    former = source(Route((RouteTarget("orders"),)))

    assert entity(former, delivery({"a": 1}))["a"] == 1


def test_schema_of_the_body_is_checked() -> None:
    schema = json.dumps({"properties": {"card": {"type": "integer"}}})
    strict = mapped({"n": 1}, schema=schema)

    fault = "the body does not fit its schema: type at card: expected integer, got string"
    with pytest.raises(MappingError, match=f"^{fault}$"):
        entity_of(source(strict), delivery({"card": SECRET}))
    lenient = entity_of(source(replace(strict, invalid="send")), delivery({"card": SECRET}))
    assert lenient.warnings == (fault,)


def test_schema_of_the_message_is_checked() -> None:
    xdm = json.dumps({"properties": {"n": {"type": "integer"}, "_id": {}, "timestamp": {}}})
    target = RouteTarget("events", '{"n": "body.n"}')
    flows = {"events": replace(EVENTS, checks="x-1")}
    checked = replace(source(Route((target,))), flows=flows, schemas={"x-1": xdm})

    assert entity(checked, delivery({"n": 1}))["n"] == 1
    fault = "the message does not fit its schema: type at n: expected integer, got string"
    with pytest.raises(MappingError, match=f"^{fault}$"):
        entity_of(checked, delivery({"n": SECRET}))


@pytest.mark.parametrize(
    ("route", "body", "reason"),
    [
        (mapped({"a": "date(body.a)"}), {"a": SECRET}, r"^a: date\(\) cannot"),
        (mapped("body.list"), {"list": [SECRET]}, "^Map: does not return an object$"),
        (mapped({"a": "body.a"}, "people"), {}, "^the message has nothing but empty values$"),
        (mapped("body.a", "people"), {"a": {"b": None}}, "^the message has nothing but empty"),
        (PLAIN, [SECRET], "^the body is not an object$"),
        (PLAIN, b"{" + SECRET.encode(), "^the body is not JSON$"),
        (
            Route((RouteTarget("events"),), when="lower(body.a)"),
            {"a": 4111},
            r"^Routes\.0\.When: lower",
        ),
        (
            Route((RouteTarget("events", identity=(("Email", "body"),)),)),
            {"a": 1},
            r"^Identity\.Email: ",
        ),
    ],
)
def test_mapping_error_does_not_contain_the_value(route: Route, body: object, reason: str) -> None:
    with pytest.raises(MappingError, match=reason) as caught:
        entity_of(source(route), delivery(body, route.targets[0].flow))

    assert SECRET not in str(caught.value)


def test_message_that_adobe_finds_large_is_sent_with_a_warning() -> None:
    [warning] = entity_of(samples.source(), delivery({"a": "x" * 10_001})).warnings

    assert "Adobe advises 10 kB" in warning
