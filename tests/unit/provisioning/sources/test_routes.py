"""Tests of routes, maps and schemas in the properties of a source."""

from dataclasses import replace

import pytest

from bridge.errors import InvalidPropertyError
from bridge.provisioning.sources.declaration import warnings
from bridge.sources.route import Privacy, Route, RouteTarget
from bridge.sources.source import Source
from bridge.verification.catalogue import PRESETS
from tests.support.built_routes import built

MAP = {
    "eventType": "'commerce.purchases'",
    "commerce": {"order": {"priceTotal": "body.total", "currencyCode": "body.currency"}},
    "productListItems": "body.lines",
}


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
    source = built(Routes=[{"Flow": "events", "Map": {"eventType": "event_type"}}])

    assert source.flows["events"].behavior == "time-series"
    assert source.flows["people"].behavior == ""
    assert warnings(source) == []
    no_class, no_check = warnings(built(Routes=[{"Flow": "people"}]))
    assert "is not known, so messages of flow" in no_class
    assert "messages of flow people are not checked before they are sent" in no_check


def test_schema_can_be_json_text() -> None:
    [route] = built(Routes=[{"Flow": "people", "Schema": '{"minProperties": 1}'}]).routes

    assert route.schema == '{"minProperties":1}'
