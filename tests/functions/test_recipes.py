"""Each recipe turns its samples into messages that Adobe's public XDM accepts."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from adobe_emulator.entity_check import EntityCheck
from inlet_bridge.mapping.preview import assumed_source
from inlet_bridge.mapping.template_reading import Declared
from inlet_bridge.recipes.recipe import PROFILE, Recipe, recipes
from tests.support.public_xdm import empty_places
from tests.support.recipe_messages import (
    as_cloudformation,
    configured,
    dataset_schemas,
    outcome_of,
    received,
    sent,
)
from tests.support.sam_template import ROOT

RECIPES = list(recipes().values())
SAMPLES = [(recipe, sample) for recipe in RECIPES for sample in recipe.samples]
EXPECTED = json.loads((ROOT / "tests" / "support" / "recipe_messages.json").read_text("utf-8"))
OK = range(200, 300)
# Adobe's namespaces that identify a person by a text as the provider sends it.
# https://experienceleague.adobe.com/en/docs/experience-platform/identity/features/namespaces
STANDARD_NAMESPACES = {"Email", "Phone"}


def _json(document: object, **headers: str) -> tuple[dict[str, str], bytes]:
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    return named, json.dumps(document).encode()


# Events that a source can receive and the recipe does not cover.
OTHERS: dict[str, list[tuple[dict[str, str], bytes]]] = {
    "calendly": [
        _json({"event": "routing_form_submission.created", "payload": {"uri": "u"}}),
        _json({"event": "invitee.canceled", "payload": {"uri": "u", "rescheduled": True}}),
    ],
    "github": [
        _json({"zen": "Keep it logically awesome.", "hook_id": 1}, x_github_event="ping"),
        _json({"action": "deleted", "starred_at": None}, x_github_event="star"),
        _json({"action": "opened", "sender": {"type": "Bot", "id": 1}}, x_github_event="issues"),
    ],
    "hubspot_v3": [_json([{"eventId": 1, "subscriptionType": "company.creation"}])],
    "intercom": [
        _json({"id": "1", "topic": "ping", "data": {"item": {"type": "ping"}}}),
        _json({"id": "2", "topic": "contact.user.created", "data": {"item": {"email": None}}}),
    ],
    "mailchimp": [({}, b"type=campaign&data[status]=sent"), ({}, b"type=profile&data[email]=a@b")],
    "sendgrid": [_json([{"event": "deferred", "sg_event_id": "1"}, {"event": "account_status"}])],
    "shopify": [
        _json({"id": 1}, x_shopify_topic="app/uninstalled"),
        _json({"id": 1, "email": None}, x_shopify_topic="customers/create"),
    ],
    "stripe": [
        _json({"id": "evt_1", "type": "payout.paid", "data": {"object": {}}}),
        _json(
            {
                "id": "evt_2",
                "type": "checkout.session.completed",
                "data": {"object": {"mode": "payment", "payment_status": "unpaid"}},
            }
        ),
        _json({"id": "evt_3", "type": "invoice.paid", "data": {"object": {"amount_paid": 0}}}),
    ],
    "twilio_form": [({}, b"CallSid=CA1&CallStatus=completed"), ({}, b"MessageStatus=queued")],
    "typeform": [_json({"event_id": "1", "event_type": "form_response_partial"})],
    "woocommerce": [
        _json({"id": 1}, x_wc_webhook_topic="product.updated"),
        _json({"id": 1, "status": "checkout-draft"}, x_wc_webhook_topic="order.created"),
    ],
    "zoom": [
        _json({"event": "meeting.started", "payload": {"object": {}}}),
        _json(
            {
                "event": "meeting.participant_joined",
                "payload": {"object": {"participant": {"email": ""}}},
            }
        ),
    ],
}

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
def test_fields_of_a_map_exist_in_the_schema(recipe: Recipe) -> None:
    """A deployment compares them, also those that no sample has."""
    properties = {
        "Name": "it",
        "Connection": "c",
        "Provider": recipe.provider,
        **as_cloudformation(recipe.properties),
    }
    source = assumed_source(
        Declared(properties, tuple(recipe.schemas)), "time-series", dataset_schemas(recipe)
    )

    assert source.destinations() == recipe.schemas.keys()
    # Larger parameters are not free of charge ("Managing parameter tiers").
    assert len(source.to_document().encode()) <= 4_096


@each_recipe
def test_other_events_are_dropped(monkeypatch: pytest.MonkeyPatch, recipe: Recipe) -> None:
    source = configured(monkeypatch, recipe)

    for headers, body in OTHERS[recipe.provider]:
        outcome = received(source, headers, body)
        assert outcome.status in OK
        assert outcome.messages == ()
    assert recipe.properties["Otherwise"] == "drop"


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


def test_timestamps_are_those_of_the_sender() -> None:
    """Only Twilio sends no time."""
    now = datetime(2026, 1, 1, 12, 30, tzinfo=UTC)
    for recipe, sample in SAMPLES:
        for _, message in outcome_of(recipe.provider, sample).messages:
            if becomes(message) != PROFILE:
                time = datetime.fromisoformat(message["timestamp"])
                assert (time == now) == (recipe.provider == "twilio_form"), (sample, time)
