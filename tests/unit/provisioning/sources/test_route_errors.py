"""Errors in routes and their path."""

from typing import Any

import pytest

from bridge.errors import InvalidPropertyError
from tests.support.built_routes import built


def refusal(**properties: Any) -> str:
    with pytest.raises(InvalidPropertyError) as caught:
        built(**properties)
    return str(caught.value)


@pytest.mark.parametrize(
    ("route", "output"),
    [
        ({}, "Routes.0: needs a Flow, or Targets; the flows are"),
        ({"Flow": "people", "Targets": [{"Flow": "people"}]}, "Routes.0: has Flow and Targets"),
        ({"Targets": [{"Flow": "people"}], "Map": {}}, "Routes.0: has Targets; move Map"),
        ({"Targets": [{"Flow": "people"}] * 2}, "Routes.0.Targets: has flow people twice"),
        (
            {"Flow": "drop"},
            (
                "Routes.0.Flow: connection webhooks has no flow drop; there is events, people. What"
                " no route takes is treated as Otherwise says: write Otherwise: drop and no route"
                " for these events"
            ),
        ),
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
            {"Flow": "events", "Map": {"commerce.order": "1"}},
            "Routes.0.Map: commerce.order: the schema has no such field; write it nested, commerce",
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
            "Routes.0.Primary: is missing; with several namespaces, write one of ECID, Email",
        ),
        (
            {"Flow": "people", "Identity": {"Email": "body.a"}, "Primary": "Emial"},
            "Routes.0.Primary: must be Email, the only namespace of Identity; or leave Primary out",
        ),
        (
            {"Targets": [{"Flow": "people", "Identity": {"Email": "body.a"}, "Primary": "ECID"}]},
            "Routes.0.Targets.0.Primary: must be Email",
        ),
        (
            {"Flow": "people", "Primary": "Email"},
            "Routes.0.Primary: needs an Identity with this namespace; without one, leave Primary",
        ),
        (
            {"Targets": [{"Flow": "people"}], "Primary": "Email"},
            "Routes.0: has Targets; move Map, Identity and Primary there",
        ),
        (
            {"Flow": "people", "Identity": {"": "body.a"}},
            "Routes.0.Identity: has an empty namespace; write its code, such as Email",
        ),
        (
            {"Flow": "people", "When": ""},
            "Routes.0.When: is empty; leave When out for a route that takes every event",
        ),
        ({"Flow": "people", "When": " "}, "Routes.0.When: is empty; leave When out"),
        ({"Flow": "people", "Schema": "{"}, "Routes.0.Schema: is not JSON"),
        ({"Flow": "people", "Schema": ["a"]}, "Routes.0.Schema: must be an object, with names"),
        ({"Flow": "people", "Identity": {"Email": ""}}, "Routes.0.Identity.Email: is empty"),
        ({"Flow": "people", "Identity": {"Email": " "}}, "Routes.0.Identity.Email: is empty"),
        (
            {"Targets": [{"Flow": "people", "Identity": {"Email": ""}}]},
            "Routes.0.Targets.0.Identity.Email: is empty",
        ),
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
