"""Tests of the type and the time of each event of a split webhook."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from bridge.messages.fan_out import fan_out
from bridge.messages.received_event import received_event
from bridge.sources.route import Route, RouteTarget
from bridge.sources.source import Source
from bridge.verification.catalogue import PRESETS
from bridge.webhook import Webhook
from tests.support import sample_webhooks as samples
from tests.support.fakes import NOON

ALL = Route((RouteTarget("events", '{"a": "delivery_id"}'),))
FIRST, SECOND = 1_700_000_000, 1_700_003_600
# A webhook of two events, and the type of the second.
WEBHOOKS: dict[str, tuple[Any, str]] = {
    "hubspot_v3": (
        [{"subscriptionType": "deal.creation"}, {"subscriptionType": "contact.creation"}],
        "contact.creation",
    ),
    "sendgrid": ([{"event": "open"}, {"event": "bounce"}], "bounce"),
    "twilio_json": ([{"type": "a.v1"}, {"type": "b.v1"}], "b.v1"),
    "line": ({"events": [{"type": "follow"}, {"type": "message"}]}, "message"),
    "gocardless": (
        {
            "events": [
                {"resource_type": "payments", "action": "paid_out"},
                {"resource_type": "mandates", "action": "failed"},
            ]
        },
        "mandates+failed",
    ),
    "xero": (
        {
            "events": [
                {"eventCategory": "INVOICE", "eventType": "CREATE"},
                {"eventCategory": "CONTACT", "eventType": "UPDATE"},
            ]
        },
        "CONTACT+UPDATE",
    ),
    "okta": (
        {"data": {"events": [{"eventType": "user.create"}, {"eventType": "user.delete"}]}},
        "user.delete",
    ),
    "microsoft_graph": (
        {"value": [{"changeType": "created"}, {"lifecycleEvent": "subscriptionRemoved"}]},
        "subscriptionRemoved",
    ),
    "cloudevents": (
        [{"type": "com.example.made"}, {"type": "com.example.gone"}],
        "com.example.gone",
    ),
    "azure_event_grid": ([{"eventType": "Made"}, {"type": "gone"}], "gone"),
}


def source(event_type: tuple[str, ...], split: str, **changes: Any) -> Source:
    changes.setdefault("sent_at", ())
    return samples.source()._replace(
        routes=(ALL,),
        flows={"events": samples.flow()},
        event_type=event_type,
        split=split,
        **changes,
    )


def fields(
    configured: Source, document: object, **headers: str
) -> list[tuple[str, datetime | None]]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    split = fan_out(configured, received_event(configured, _webhook(document, **named), NOON))
    return [(each.event_type, each.sent_at) for each in split.deliveries]


def _webhook(document: object, **headers: str) -> Webhook:
    content = document if isinstance(document, bytes) else json.dumps(document).encode()
    return Webhook("POST", "https://example.com/", headers, content)


def types(configured: Source, document: object, **headers: str) -> list[str]:
    return [kind for kind, _ in fields(configured, document, **headers)]


def test_each_preset_whose_type_is_that_of_the_first_event_is_looked_at() -> None:
    in_lists = {
        name
        for name, preset in PRESETS.items()
        if preset.split and any(".0." in each or ":0." in each for each in preset.event_type)
    }

    assert in_lists - {"hubspot_v1", "hubspot_v2"} == set(WEBHOOKS)


@pytest.mark.parametrize("provider", WEBHOOKS)
def test_each_event_has_its_own_type(provider: str) -> None:
    preset = PRESETS[provider]
    document, second = WEBHOOKS[provider]
    configured = source(preset.event_type, preset.split)

    [first_found, second_found] = types(configured, document)

    assert second_found == second
    assert first_found not in {"", second}


def test_type_of_a_header_is_that_of_all_events() -> None:
    configured = source(("header:ce-type", "json:0.type"), "body")
    document = [{"type": "a"}, {"type": "b"}]

    assert types(configured, document, ce_type="z") == ["z", "z"]
    assert types(configured, document) == ["a", "b"]


def test_parts_outside_of_the_list_are_those_of_the_webhook() -> None:
    configured = source(("json:object+json:entry.0.changes.0.field",), "body.entry[].changes[]")
    document = {
        "object": "page",
        "entry": [{"changes": [{"field": "feed"}]}, {"changes": [{"field": "likes"}]}],
    }

    assert types(configured, document) == ["page+feed", "page+likes"]


@pytest.mark.parametrize(
    "split",
    [
        *("body", "body[]", "body[*]", " body ", "[body][]", "[ body ][]"),
        *("body[?!hidden]", "body[?type != 'x.y' && !(a.b)]"),
    ],
)
def test_lists_of_several_forms_are_recognized(split: str) -> None:
    assert types(source(("json:0.type",), split), [{"type": "a"}, {"type": "b"}]) == ["a", "b"]


def test_body_that_is_one_event_has_its_type() -> None:
    configured = source(("json:type", "json:0.type"), "[body][]")

    assert types(configured, {"type": "a"}) == ["a"]
    assert types(configured, [{"type": "a"}, {"type": "b"}]) == ["a", "b"]


@pytest.mark.parametrize("split", ["[body[0], body[1]]", "reverse(body)"])
def test_other_lists_have_the_type_of_the_webhook(split: str) -> None:
    assert types(source(("json:0.type",), split), [{"type": "a"}, {"type": "b"}]) == ["a", "a"]


def test_event_without_a_type_has_that_of_the_webhook() -> None:
    assert types(source(("json:0.type",), "body"), [{"type": "a"}, {"id": 1}]) == ["a", "a"]


def test_each_line_has_its_own_type() -> None:
    configured = source(("json:0.type",), "body", body_form="ndjson")

    assert types(configured, b'{"type": "a"}\n{"type": "b"}\n') == ["a", "b"]


@pytest.mark.parametrize("own", [" ", "\t", "", True, False, None, [], {"a": 1}])
def test_value_that_identifies_nothing_is_no_id(own: object) -> None:
    """Two such events would be one, and the second be lost."""
    configured = source((), "body", item_id="body.id")

    split = fan_out(
        configured, received_event(configured, _webhook([{"id": own}, {"id": own}]), NOON)
    )

    assert len({each.key for each in split.deliveries}) == 2


def test_each_event_has_its_own_time() -> None:
    configured = source((), "body", sent_at=("json:0.at",))

    assert [time for _, time in fields(configured, [{"at": FIRST}, {"at": SECOND}])] == [
        datetime.fromtimestamp(FIRST, UTC),
        datetime.fromtimestamp(SECOND, UTC),
    ]
