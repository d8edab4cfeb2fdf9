"""Tests of routes, maps and schemas in the properties of a source."""

from dataclasses import replace
from typing import Any

import pytest

from bridge.errors import InvalidPropertyError
from bridge.provisioning.sources.builder import build_source
from bridge.provisioning.sources.checks import with_checks
from bridge.provisioning.sources.declaration import declared_sender, warnings
from bridge.provisioning.sources.properties import source_properties
from bridge.sources.route import Privacy, Route, RouteTarget
from bridge.sources.source import Source
from bridge.verification.catalogue import PRESETS
from tests.support import sample_webhooks as samples

EVENT = {
    "type": "object",
    "meta:class": "https://ns.adobe.com/xdm/context/experienceevent",
    "required": ["_id", "timestamp"],
    "title": "Orders",
    "properties": {
        "_id": {"type": "string"},
        "timestamp": {"type": "string", "format": "date-time"},
        "identityMap": {
            "type": "object",
            "additionalProperties": {"type": "array", "items": {"required": ["id"]}},
        },
        "eventType": {"type": "string", "title": "Type", "meta:xdmType": "string"},
        "commerce": {
            "type": "object",
            "properties": {
                "order": {
                    "type": "object",
                    "required": ["currencyCode"],
                    "properties": {
                        "priceTotal": {"type": "number"},
                        "currencyCode": {"type": "string", "pattern": "^[A-Z]{3}$"},
                    },
                }
            },
        },
        "productListItems": {
            "type": "array",
            "items": {"type": "object", "properties": {"SKU": {"type": "string"}}},
        },
    },
}
MAP = {
    "eventType": "'commerce.purchases'",
    "commerce": {"order": {"priceTotal": "body.total", "currencyCode": "body.currency"}},
    "productListItems": "body.lines",
}


def built(*, data_type: Any = "xdm", schema: Any = EVENT, **properties: Any) -> Source:
    """Return a Shopify source on a connection with the flows `events` and `people`."""
    given = {
        "Name": "shop",
        "Provider": "shopify",
        "Secrets": ["/inlet-bridge/test/secrets/shop"],
        "Connection": "webhooks",
        **properties,
    }
    read = source_properties(given, "test")
    flows = {"events": samples.flow(), "people": samples.flow()}
    schemas = {"events": schema} if schema else {}
    connection = samples.connection(data_type=data_type)
    source = build_source(read, declared_sender(read), connection, flows, schemas)
    return with_checks(source, schemas)[0]


def refusal(**properties: Any) -> str:
    with pytest.raises(InvalidPropertyError) as caught:
        built(**properties)
    return str(caught.value)


def test_routes_are_written_to_the_document() -> None:
    source = built(
        Routes=[
            {"When": "event_type == 'orders/create'", "Flow": "people", "Map": {"a": "body.a"}},
            {
                "When": "body.vip",
                "Targets": [
                    {"Flow": "people", "Identity": {"Email": "body.email"}},
                    {
                        "Flow": "events",
                        "Identity": {"ECID": "body.ecid", "Phone": "body.p", "Email": "body.e"},
                        "Primary": "Email",
                    },
                ],
                "Schema": {"type": "object"},
                "Invalid": "send",
            },
            {"Flow": "people"},
        ],
        Otherwise="drop",
        Split="body.orders",
        ItemId="body.id",
        Privacy={"Drop": ["a"], "Mask": ["b.c"], "Hash": ["d.*.e"]},
    )

    assert source.routes == (
        Route((RouteTarget("people", '{"a":"body.a"}'),), when="event_type == 'orders/create'"),
        Route(
            (
                RouteTarget("people", identity=(("Email", "body.email"),)),
                RouteTarget(
                    "events",
                    identity=(("Email", "body.e"), ("ECID", "body.ecid"), ("Phone", "body.p")),
                ),
            ),
            when="body.vip",
            schema='{"type":"object"}',
            invalid="send",
        ),
        Route((RouteTarget("people"),)),
    )
    assert (source.otherwise, source.split, source.item_id) == ("drop", "body.orders", "body.id")
    assert source.privacy == Privacy(("a",), ("b.c",), ("d.*.e",))
    assert Source.from_document(source.to_document()) == source


def test_only_headers_that_are_read_are_kept() -> None:
    source = built(
        Unsigned=["header:host", "header:X-Email"],
        Routes=[
            {
                "When": 'headers."x-shopify-topic"',
                "Flow": "people",
                "Map": {"a": "headers.host"},
                "Identity": {"Email": 'headers."x-email"'},
            }
        ],
    )

    assert source.headers == ("host", "x-email", "x-shopify-topic")


def test_only_query_parameters_that_are_read_are_kept() -> None:
    source = built(
        Unsigned=["query:a", "query:b-c", "query:d", "query:e", "query:f"],
        Split="query.a && body",
        ItemId="query.e",
        Routes=[
            {
                "When": "query.d",
                "Flow": "people",
                "Map": {"a": ['query."b-c"[0]', "body.query.x"]},
                "Identity": {"Email": "query.f"},
            }
        ],
    )

    assert source.query == ("a", "b-c", "d", "e", "f")
    assert Source.from_document(source.to_document()) == source


def test_numbers_of_a_schema_and_a_map_keep_their_digits() -> None:
    schema = '{"properties":{"n":{"maximum":987654321098765.654321,"minimum":0.10}}}'
    written = {"a": 0.5, "b": "0.10", "c": "1e400"}
    [route] = built(Routes=[{"Flow": "people", "Schema": schema, "Map": written}]).routes

    assert route.schema == schema
    assert route.targets[0].map == '{"a":0.5,"b":"0.10","c":"1e400"}'


def test_schema_as_an_object_keeps_the_meaning_of_its_numbers_and_booleans() -> None:
    """CloudFormation sends every scalar as a string."""
    given = {
        "additionalProperties": "false",
        "required": ["n", "1"],
        "minProperties": "1",
        "properties": {
            "n": {"type": "number", "maximum": "987654321098765.654321", "enum": ["1", "0.10"]},
            "text": {"type": "string", "enum": ["1", "true"], "maxLength": "5", "pattern": "1"},
            "list": {"items": [{"minimum": "1e400"}, "true"], "uniqueItems": "true"},
            "flag": {"type": ["boolean", "null"], "const": "true"},
            "minimum": {"title": "1", "default": "2"},
        },
    }
    [route] = built(Routes=[{"Flow": "people", "Schema": given}]).routes

    assert route.schema == (
        '{"additionalProperties":false,"required":["n","1"],"minProperties":1,"properties":{'
        '"n":{"type":"number","maximum":987654321098765.654321,"enum":[1,0.10]},'
        '"text":{"type":"string","enum":["1","true"],"maxLength":5,"pattern":"1"},'
        '"list":{"items":[{"minimum":1e400},true],"uniqueItems":true},'
        '"flag":{"type":["boolean","null"],"const":true},'
        '"minimum":{"title":"1","default":"2"}}}'
    )


def test_number_of_a_map_that_is_not_finite_is_rejected() -> None:
    """YAML reads `1.0e+400` as infinity."""
    with pytest.raises(InvalidPropertyError, match=r"^Routes\.0\.Map: has a number .* a string$"):
        built(Routes=[{"Flow": "people", "Map": {"a": float("inf")}}])


def test_methods_are_those_of_the_preset_unless_the_source_names_its_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    changed = {**PRESETS, "shopify": replace(PRESETS["shopify"], methods=("GET", "POST"))}
    monkeypatch.setattr("bridge.verification.declaration.PRESETS", changed)

    routes = [{"Flow": "events"}]
    assert built(Routes=routes).access_rules.allowed_methods == ("GET", "POST")
    assert built(Routes=routes, AllowedMethods=["PUT"]).access_rules.allowed_methods == ("PUT",)


def test_schema_class_is_that_of_its_flow() -> None:
    source = built(Routes=[{"Flow": "events"}])

    assert source.flows["events"].behavior == "time-series"
    assert source.flows["people"].behavior == ""
    assert warnings(source) == []
    no_class, no_check = warnings(built(Routes=[{"Flow": "people"}]))
    assert "is not known, so messages of flow" in no_class
    assert "messages of flow people are not checked before they are sent" in no_check


def test_schema_can_be_json_text() -> None:
    [route] = built(Routes=[{"Flow": "people", "Schema": '{"minProperties": 1}'}]).routes

    assert route.schema == '{"minProperties":1}'


@pytest.mark.parametrize(
    ("route", "output"),
    [
        ({}, "Routes.0: needs a Flow, or Targets; the flows are"),
        ({"Flow": "people", "Targets": [{"Flow": "people"}]}, "Routes.0: has Flow and Targets"),
        ({"Targets": [{"Flow": "people"}], "Map": {}}, "Routes.0: has Targets; move Map"),
        ({"Targets": [{"Flow": "people"}] * 2}, "Routes.0.Targets: has flow people twice"),
        ({"Flow": "orders"}, "Routes.0.Flow: connection webhooks has no flow orders; there is"),
        (
            {"Flow": "people", "When": "boddy.a"},
            "Routes.0.When: reads boddy; is it body? there is event_type",
        ),
        ({"Flow": "people", "When": "body["}, "Routes.0.When: is not a JMESPath expression"),
        (
            {"Flow": "people", "Map": {"a": {"b": ["body.x", "lowercase(body.y)"]}}},
            "Routes.0.Map: a.b.1: calls lowercase(), which does not exist",
        ),
        (
            {
                "Targets": [
                    {"Flow": "people"},
                    {"Flow": "events", "Map": {"eventTyp": "event_type"}},
                ]
            },
            "Routes.0.Targets.1.Map: eventTyp: the schema has no such field; is it eventType?",
        ),
        (
            {"Flow": "events", "Map": {"commerce": {"order": {"priceTotal": "1"}}}},
            "Routes.0.Map: commerce.order.currencyCode: is required by the schema",
        ),
        (
            {"Flow": "events", "Map": {"productListItems": [{"sku": "body.a"}]}},
            "Routes.0.Map: productListItems.0.sku: the schema has no such field",
        ),
        (
            {"Flow": "people", "Identity": {"Email": "mail"}},
            "Routes.0.Identity.Email: reads mail",
        ),
        (
            {"Flow": "people", "Identity": {"Email": "body.a", "ECID": "body.b"}},
            "Routes.0.Primary: must be one of ECID, Email",
        ),
        ({"Flow": "people", "Schema": "{"}, "Routes.0.Schema: is not JSON"),
        (
            {"Flow": "people", "Schema": {"type": "objekt"}},
            "Routes.0.Schema: is not a JSON Schema: ",
        ),
        ({"Flow": "people", "Invalid": "drop"}, "Routes.0.Invalid: must be"),
        (
            {"Flow": "people", "When": "headers.authorization"},
            "Routes: may not read header authorization",
        ),
        (
            {"Flow": "people", "Map": {"a": 'headers."x-shopify-hmac-sha256"'}},
            "Routes: may not read header x-shopify-hmac-sha256: it contains a credential",
        ),
    ],
)
def test_error_in_a_route_is_reported_with_its_path(route: dict[str, Any], output: str) -> None:
    """Nothing is written then, and the deployment fails with this sentence."""
    assert refusal(Routes=[route]).startswith(output)


@pytest.mark.parametrize(
    ("properties", "output"),
    [
        (
            {"Routes": [{"Flow": "people"}, {"Flow": "events"}]},
            "Routes.1: is never reached, since Routes.0 has no When",
        ),
        ({}, "Routes: is required, since connection webhooks has several flows"),
        (
            {"Routes": [{"Flow": "people"}], "Otherwise": "bin"},
            "Otherwise: must be drop, dead-letter or a flow: events, people",
        ),
        (
            {"Routes": [{"Flow": "people"}], "ItemId": "body.a"},
            "ItemId: is only for a source with Split",
        ),
        ({"Routes": [{"Flow": "people"}], "Split": "boddy"}, "Split: reads boddy"),
        (
            {"Routes": [{"Flow": "people"}], "Split": "body", "ItemId": "id"},
            "ItemId: reads id",
        ),
    ],
)
def test_error_in_the_routing_is_reported(properties: dict[str, Any], output: str) -> None:
    assert refusal(**properties).startswith(output)


def test_identities_require_xdm() -> None:
    route = {"Flow": "people", "Identity": {"Email": "body.a"}}

    assert refusal(data_type="raw", Routes=[route]).startswith("Routes.0.Identity: is for xdm")


@pytest.mark.parametrize("text", ["[" * 100_000, '{"minimum": NaN}', "9" * 5_000])
def test_schema_that_is_not_valid_json_is_rejected(text: str) -> None:
    with pytest.raises(InvalidPropertyError, match=r"Routes\.0\.Schema: is not JSON"):
        built(Routes=[{"Flow": "people", "Schema": text}])
