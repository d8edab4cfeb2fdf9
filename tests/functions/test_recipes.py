"""Each recipe turns its samples into messages that Adobe's public XDM accepts."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from adobe_emulator.entity_check import EntityCheck
from inlet_bridge.recipes.recipe import PROFILE, Recipe, recipes
from tests.support.public_xdm import empty_places
from tests.support.recipe_messages import OK, dataset_schemas, outcome_of, sent
from tests.support.sam_template import ROOT

RECIPES = list(recipes().values())
SAMPLES = [(recipe, sample) for recipe in RECIPES for sample in recipe.samples]
EXPECTED = json.loads((ROOT / "tests" / "support" / "recipe_messages.json").read_text("utf-8"))
# Adobe's namespaces that identify a person by a text as the provider sends it.
# https://experienceleague.adobe.com/en/docs/experience-platform/identity/features/namespaces
STANDARD_NAMESPACES = {"Email", "Phone"}


each_recipe = pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.provider)
each_sample = pytest.mark.parametrize(
    ("recipe", "sample"), SAMPLES, ids=lambda value: getattr(value, "provider", value)
)


def becomes(message: dict[str, Any]) -> str:
    kind: str = message.get("eventType", PROFILE)
    return kind


@each_sample
def test_messages_of_a_sample_are_valid(recipe: Recipe, sample: str) -> None:
    outcome = outcome_of(recipe.provider, sample)

    assert outcome.status in OK
    assert outcome.messages
    schemas = dataset_schemas(recipe)
    for flow, message in outcome.messages:
        assert EntityCheck(schemas[flow]).violations(message) == ()
        assert empty_places(message) == []


@each_sample
def test_messages_of_a_sample_are_the_expected_ones(recipe: Recipe, sample: str) -> None:
    outcome = outcome_of(recipe.provider, sample)

    assert [list(each) for each in outcome.messages] == EXPECTED[recipe.provider][sample]


@each_sample
def test_messages_of_a_sample_identify_a_person(recipe: Recipe, sample: str) -> None:
    """Profile ignores a message without an identity."""
    for _, message in outcome_of(recipe.provider, sample).messages:
        identities = message["identityMap"]
        primary = [item for items in identities.values() for item in items if item.get("primary")]

        assert len(primary) == 1
        assert identities.keys() <= recipe.identities.keys()
        assert all(item["id"] == item["id"].lower() for item in identities.get("Email", ()))


@each_sample
def test_messages_of_a_sample_are_the_same_after_a_retry(recipe: Recipe, sample: str) -> None:
    first = outcome_of(recipe.provider, sample)

    assert first.messages == sent(recipe.provider, sample).messages
    ids = [message["_id"] for _, message in first.messages if becomes(message) != PROFILE]
    assert len(set(ids)) == len(ids)
    assert all(len(each) == 64 for each in ids)


@each_recipe
def test_covered_events_become_what_is_stated(recipe: Recipe) -> None:
    stated = {kind for event in recipe.events for kind in event.becomes}
    found = {
        becomes(message)
        for sample in recipe.samples
        for _, message in outcome_of(recipe.provider, sample).messages
    }
    assert found == stated
    for event in recipe.events:
        kinds = {
            becomes(message)
            for sample in event.samples
            for _, message in outcome_of(recipe.provider, sample).messages
        }
        assert kinds == set(event.becomes) or recipe.batches, event.name


@each_recipe
def test_namespaces_are_adobes_or_named_as_own(recipe: Recipe) -> None:
    used = recipe.identities.keys()

    assert used - STANDARD_NAMESPACES == set(recipe.own_namespaces)


def test_amounts_are_in_major_units() -> None:
    def order(provider: str, sample: str) -> dict[str, Any]:
        [(_, message)] = outcome_of(provider, sample).messages
        found: dict[str, Any] = message["commerce"]["order"]
        return found

    cents = order("stripe", "checkout.session.completed")
    assert (cents["priceTotal"], cents["taxAmount"], cents["currencyCode"]) == (61, 12.2, "EUR")
    yen = order("stripe", "checkout.session.async_payment_succeeded")
    assert (yen["priceTotal"], yen["currencyCode"]) == (1980, "JPY")
    text = order("shopify", "orders.create")
    assert (text["priceTotal"], text["taxAmount"]) == (58, 7.56)
    assert order("github", "sponsorship.created")["priceTotal"] == 5


def test_timestamps_are_those_of_the_sender() -> None:
    """Only Twilio sends no time."""
    now = datetime(2026, 1, 1, 12, 30, tzinfo=UTC)
    for recipe, sample in SAMPLES:
        for _, message in outcome_of(recipe.provider, sample).messages:
            if becomes(message) != PROFILE:
                time = datetime.fromisoformat(message["timestamp"])
                assert (time == now) == (recipe.provider == "twilio_form"), (sample, time)
