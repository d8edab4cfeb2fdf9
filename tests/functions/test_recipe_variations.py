"""Recipes with events and fields that no sample has."""

import json
from copy import replace
from typing import Any

import pytest

from adobe_emulator.entity_check import EntityCheck
from bridge.sources.source import Source
from bridge.strict_json import write_json
from inlet_bridge.mapping.declared import Declared
from inlet_bridge.mapping.preview import assumed_source, preview
from inlet_bridge.mapping.sample_reading import read_sample
from inlet_bridge.recipes.recipe import Recipe, recipes
from tests.support.missing_fields import without_each_field
from tests.support.recipe_messages import (
    OK,
    as_cloudformation,
    configured,
    dataset_schemas,
    received,
)
from tests.support.uncovered_events import UNCOVERED

each_recipe = pytest.mark.parametrize(
    "recipe", recipes().values(), ids=lambda recipe: recipe.provider
)


def previewed(recipe: Recipe) -> Source:
    """A source with a recipe, as `inlet map` assumes it."""
    properties = {
        "Name": "it",
        "Connection": "c",
        "Provider": recipe.provider,
        **as_cloudformation(recipe.properties),
    }
    declared = Declared(properties, tuple(recipe.schemas))
    return assumed_source(declared, "time-series", dataset_schemas(recipe))


@each_recipe
def test_fields_of_a_map_exist_in_the_schema(recipe: Recipe) -> None:
    """A deployment compares them, also those that no sample has."""
    source = previewed(recipe)

    assert source.destinations() == recipe.schemas.keys()
    # Larger parameters are not free of charge ("Managing parameter tiers").
    assert len(replace(source, schemas={}).to_document().encode()) <= 4_096


@each_recipe
def test_field_that_is_missing_is_left_out(recipe: Recipe) -> None:
    """Providers omit fields that have no value; that alone makes no dead letter."""
    source, schemas = previewed(recipe), dataset_schemas(recipe)
    checks = {flow: EntityCheck(schema) for flow, schema in schemas.items()}
    for sample in recipe.samples:
        headers, body, _ = read_sample(recipe.sample(sample))
        for path, shortened in without_each_field(body, recipe.routes):
            for shown in preview(source, headers, shortened).shown:
                assert not shown.error, (sample, path)
                message = json.loads(write_json(shown.message))
                assert checks[shown.flow].violations(message) == (), (sample, path)


@each_recipe
def test_other_events_are_dropped(monkeypatch: pytest.MonkeyPatch, recipe: Recipe) -> None:
    source = configured(monkeypatch, recipe)

    for headers, body in UNCOVERED[recipe.provider]:
        outcome = received(source, headers, body)
        assert outcome.status in OK
        assert outcome.messages == ()
    assert recipe.properties["Otherwise"] == "drop"


def test_purchase_has_one_id_for_all_webhooks_of_an_order(monkeypatch: pytest.MonkeyPatch) -> None:
    """WooCommerce sends order.updated at every change."""
    recipe = recipes()["woocommerce"]
    sample = json.loads(recipe.sample("order.created").read_text(encoding="utf-8"))
    source = configured(monkeypatch, recipe)

    def sent(topic: str, modified: str) -> tuple[tuple[str, dict[str, Any]], ...]:
        headers = {**sample["headers"], "x-wc-webhook-topic": topic}
        body = {**sample["body"], "date_modified_gmt": modified}
        return received(source, headers, json.dumps(body).encode()).messages

    first = sent("order.created", "2026-03-14T15:20:08")
    second = sent("order.updated", "2026-03-15T08:00:00")

    assert len(first) == 1
    assert first == second
