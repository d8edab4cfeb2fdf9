"""Names in expressions that a sample has in another spelling are pointed out."""

import json
from typing import Any

import pytest

from inlet_bridge.mapping.declared import Declared, read_source
from inlet_bridge.mapping.preview import assumed_source, preview
from inlet_bridge.mapping.sample_reading import read_sample
from inlet_bridge.recipes.recipe import Recipe, recipe_of, recipes
from tests.support.sam_template import ROOT

BODY = {
    "total_price": "1.00",
    "customer": {"email": "a@example.com", "address1": "x"},
    "line_items": [{"sku": "a", "quantity": 1}, {"sku": "b", "price": "2"}],
    "tags": {"first": {"label": "x"}},
}


def hints(routes: Any, body: Any = BODY, **more: Any) -> tuple[str, ...]:
    declared = Declared(
        {"Name": "shop", "Provider": "shopify", "Connection": "c", "Routes": routes, **more}
    )
    source = assumed_source(declared, "time-series", {})
    return preview(source, {}, json.dumps(body).encode(), event="orders/create").hints


def of_map(expression: str) -> tuple[str, ...]:
    return hints([{"Flow": "events", "Map": {"a": expression}}])


@pytest.mark.parametrize(
    ("expression", "path", "close"),
    [
        ("body.total_prise", "body.total_prise", "body.total_price"),
        ("body.customer.emial", "body.customer.emial", "body.customer.email"),
        ("body.custmer.email", "body.custmer", "body.customer"),
        ("body.line_items[0].skus", "body.line_items[].skus", "body.line_items[].sku"),
        ("body.line_items[*].quantty", "body.line_items[].quantty", "body.line_items[].quantity"),
        ("body.line_items[].quantty", "body.line_items[].quantty", "body.line_items[].quantity"),
        ("body.line_item[?sku=='a']", "body.line_item", "body.line_items"),
        (
            "body.line_items[?quantty==`1`].sku",
            "body.line_items[].quantty",
            "body.line_items[].quantity",
        ),
        ("default(body.totl_price, '0')", "body.totl_price", "body.total_price"),
        ("body.tags.*.lable", "body.tags[].lable", "body.tags[].label"),
        ("body | total_prise", "body.total_prise", "body.total_price"),
        ("[body.total_prise, 'x']", "body.total_prise", "body.total_price"),
    ],
)
def test_a_name_with_a_close_one_is_pointed_out(expression: str, path: str, close: str) -> None:
    assert of_map(expression) == (
        f"Routes.0.Map.a reads {path}, which the sample does not have; is it {close}?",
    )


@pytest.mark.parametrize(
    "expression",
    [
        "body.total_price",
        "body.line_items[1].price",
        "body.line_items[*].price",
        "default(body.customer.emails, body.customer.email)",  # Both are read on purpose.
        "sort_by(body.line_items, &skus)",
        "'total_prise'",
        "join('', [source, event_type])",
    ],
)
def test_other_names_are_not(expression: str) -> None:
    assert of_map(expression) == ()


@pytest.mark.parametrize(
    "expression",
    [
        "body.note",
        "body.customer.address2",  # A number is no misspelling.
        "body.total_price.x",
    ],
)
def test_name_without_a_close_one_is_missing_alone(expression: str) -> None:
    [hint] = of_map(expression)

    assert hint.startswith("Routes.0.Map.a gives nothing: ")
    assert "is it" not in hint


def test_expression_of_the_recipe_reads_optional_fields() -> None:
    recipe = recipe_of("shopify")
    assert recipe
    assert "body.phone_number" not in recipe.routes
    optional = "lower(body.email)"
    assert optional in recipe.routes
    assert of_map(optional) == ()
    assert len(of_map("body.phone_number")) == 1


def test_conditions_split_and_identities_are_read() -> None:
    routes = [
        {"When": "body.total_prise == '5'", "Flow": "events", "Map": {"a": "body.skuu"}},
        {"Flow": "events", "Map": {"a": "source"}, "Identity": {"Email": "body.customer.emial"}},
    ]
    found = hints(routes)
    # The Map of a route that does not apply is not compared.
    assert [each.partition(" reads")[0] for each in found] == [
        "Routes.0.When",
        "Routes.1.Identity.Email",
    ]
    [split] = hints([{"Flow": "events", "Map": {"a": "body.sku"}}], Split="body.line_itms")
    assert "Split reads body.line_itms" in split


def test_each_event_of_a_split_body_is_compared() -> None:
    routes = [{"Flow": "events", "Map": {"a": "body.price", "b": "body.quantty"}}]

    assert hints(routes, Split="body.line_items") == (
        "Routes.0.Map.b reads body.quantty, which the sample does not have; is it body.quantity?",
    )


def test_many_and_long_names_are_bounded() -> None:
    body = {f"name_{number}_x": 1 for number in range(2_000)} | {"y" * 10_000: 1}
    wrong = {f"f{number}": f"body.nam_{number}_y" for number in range(40)}

    assert len(hints([{"Flow": "events", "Map": wrong}], body)) <= 10


SAMPLES = [(recipe, sample) for recipe in recipes().values() for sample in recipe.samples]


@pytest.mark.parametrize(
    ("recipe", "sample"), SAMPLES, ids=lambda value: getattr(value, "provider", value)
)
def test_no_recipe_is_said_to_be_misspelled(recipe: Recipe, sample: str) -> None:
    properties = {"Name": "s", "Provider": recipe.provider, "Connection": "c"}
    declared = Declared({**properties, **recipe.properties}, tuple(recipe.schemas))
    headers, body, query = read_sample(recipe.sample(sample))

    assert preview(assumed_source(declared, "time-series", {}), headers, body, query).hints == ()


def test_no_example_is_said_to_be_misspelled() -> None:
    source = assumed_source(read_source(ROOT / "sources.yaml", "github"), "time-series", {})
    assert preview(source, {}, b'{"action": "opened"}', event="issues").hints == ()
