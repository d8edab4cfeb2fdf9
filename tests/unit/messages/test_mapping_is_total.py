"""Mapping is deterministic and returns a value, a filtered result or a named error."""

import json
from copy import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bridge.errors import MappingError, UnsupportedBodyError, WebhookRejectedError
from bridge.messages.fan_out import fan_out
from bridge.messages.received_event import ReceivedEvent
from bridge.messages.xdm_entity import entity_of
from bridge.sources.route import Privacy, Route, RouteTarget
from bridge.sources.source import Source
from bridge.strict_json import read_body, read_json
from bridge.verification.schemes import BodyForm
from tests.support import sample_webhooks as samples
from tests.support.fakes import NOON

PAYLOADS = Path(__file__).parents[4] / "shared" / "payloads"
TEMPLATE = {
    "eventType": "event_type",
    "timestamp": "date(body.created)",
    "who": {"email": "lower(trim(body.email))", "hash": "sha256(body.email)"},
    "total": "money(body.amount, body.currency)",
    "lines": "body.lines[?price > `1`].{sku: sku, price: number(price)}",
    "top": "sort_by(body.lines, &price)[-1].sku",
    "sum": "sum(body.lines[].price)",
    "text": "join(',', body.tags)",
    "inner": "parse_json(body.inner)",
    "topic": 'headers."x-topic"',
    "all": "body",
    "items": "merge(body.a, body.b)",
    "keys": "keys(body.a)",
    "length": "length(body.tags)",
}
NAMES = ("created", "email", "amount", "currency", "lines", "tags", "inner", "a", "b", "price")
values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**40), 10**40)
    | st.floats()
    | st.text()
    | st.sampled_from(["EUR", "1700000000", "nan", "\ud800", "{}", "[[[["]),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(NAMES), inner),
)


def source(**changes: Any) -> Source:
    """A route for each expression, so that one that fails does not hide the others."""
    routes = tuple(
        Route((RouteTarget("events", json.dumps({name: text})),), when=f"event_type == '{name}'")
        for name, text in TEMPLATE.items()
    )
    flow = replace(samples.flow(), behavior="time-series")
    configured = replace(
        samples.source(),
        routes=(*routes, Route((RouteTarget("events", json.dumps(TEMPLATE)),), when="body.email")),
        flows={"events": flow},
        headers=("x-topic",),
        otherwise="drop",
    )
    return replace(configured, **changes)


def outcome(configured: Source, received: ReceivedEvent) -> list[object]:
    """The messages and named errors that come of a webhook."""
    try:
        fanned_out = fan_out(configured, received)
    except WebhookRejectedError as exc:
        return [type(exc)]
    output: list[object] = [fanned_out.filtered]
    for delivery in fanned_out.deliveries:
        if not delivery.flow:
            output.append("no route")
            continue
        try:
            content = entity_of(configured, delivery).content
        except MappingError as exc:
            output.append(str(exc))
        else:
            assert isinstance(json.loads(content), dict)
            output.append(content)
    return output


@settings(max_examples=400, suppress_health_check=[HealthCheck.too_slow])
@given(
    values,
    st.sampled_from(list(TEMPLATE)),
    st.sampled_from(["", "body", "body.lines"]),
    st.sampled_from(["", "body.a"]),
)
@example({"email": "\ud800"}, "who", "", "")
@example({"lines": [{"price": 10**400}, {"price": 1e308}]}, "sum", "", "")
def test_of_any_body(body: object, event_type: str, split: str, item_id: str) -> None:
    privacy = Privacy(drop=("a.b",), mask=("lines.*.sku",), hash=("email",))
    configured = source(split=split, item_id=item_id, privacy=privacy)
    content = json.dumps(body).encode()
    received = ReceivedEvent("d", "id:d", event_type, NOON, NOON, {"x-topic": "t"}, content)

    output = outcome(configured, received)
    assert outcome(configured, received) == output
    if output != [UnsupportedBodyError]:
        assert read_body(content) == read_json(content.decode()), (
            "somebody has changed the document"
        )


@given(st.binary(max_size=200), st.sampled_from(["auto", "xml", "form", "json"]))
def test_of_any_bytes(content: bytes, form: BodyForm) -> None:
    received = ReceivedEvent("d", "id:d", "all", NOON, None, {}, content)
    outcome(replace(source(), body_form=form), received)


@pytest.mark.parametrize("deep", [b'{"a":' * 500 + b"1" + b"}" * 500, b'{"a":' * 50_000])
def test_of_what_is_nested_deeply(deep: bytes) -> None:
    outcome(source(), ReceivedEvent("d", "id:d", "all", NOON, None, {}, deep))


@pytest.mark.parametrize(
    ("provider", "routes"),
    [
        (
            "stripe",
            [
                {
                    "eventType": "body.type",
                    "timestamp": "date_from_seconds(body.created)",
                    "commerce": {
                        "order": {
                            "priceTotal": "money(body.data.object.amount, "
                            "body.data.object.currency)",
                            "currencyCode": "upper(body.data.object.currency)",
                        }
                    },
                }
            ],
        ),
        (
            "github",
            [
                {
                    "eventType": "event_type",
                    "timestamp": "date(default(body.repository.updated_at, received_at))",
                    "person": {"name": "body.sender.login"},
                    "repository": "body.repository.full_name",
                }
            ],
        ),
    ],
)
def test_real_payloads_map_without_an_error(provider: str, routes: list[Any]) -> None:
    files = sorted((PAYLOADS / provider).glob("*.json"))
    if not files:
        pytest.skip("the payloads are not at hand")
    flow = replace(samples.flow(), behavior="time-series")
    configured = replace(
        samples.source(),
        routes=tuple(Route((RouteTarget("events", json.dumps(each)),)) for each in routes),
        flows={"events": flow},
    )
    for file in files:
        content = json.dumps(_event(json.loads(file.read_text()))).encode()
        output = outcome(configured, ReceivedEvent("d", "id:d", file.stem, NOON, None, {}, content))
        assert output[0] == 0
        assert isinstance(output[1], bytes), (file.name, output)


def _event(document: Any) -> Any:
    """Some of the payloads are wrapped with their headers."""
    return document.get("body", document) if isinstance(document, dict) else document
