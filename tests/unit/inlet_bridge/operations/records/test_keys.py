"""The key of a delivery is among those that its shown ID can have."""

from typing import Any

import pytest

from bridge.idempotency_keys import content_key, item_key, message_key, part_key, target_key
from bridge.verification.identification import identity_of
from bridge.webhook import Webhook
from inlet_bridge.operations.records.keys import event_of, possible_keys


def identity(recipe: str, **headers: str) -> Any:
    return identity_of([recipe], Webhook("POST", "", headers, b"{}"))


@pytest.mark.parametrize(
    "shown",
    [
        "evt_1",
        "a+b",
        "a\\b",
        "x" * 300,
        "\u202e",
        "sha256:0",
        "id:evt_1",
        "9",
    ],
)
def test_key_of_a_webhook_with_an_id(shown: str) -> None:
    found = identity("header:one", one=shown)

    assert found.key in possible_keys(shown)
    if len(shown) < 256:
        assert found.key in possible_keys(found.delivery_id)


def test_key_of_a_webhook_whose_id_has_two_parts() -> None:
    found = identity("header:one+header:two", one="a", two="b")

    assert found.delivery_id == "a+b"
    assert found.key in possible_keys("a+b")


def test_key_of_a_webhook_without_an_id() -> None:
    found = identity("header:none")

    assert found.key.startswith("content:")
    assert found.key in possible_keys(found.delivery_id)


def test_keys_of_events_and_of_their_messages() -> None:
    webhook = identity("header:one", one="a/b").key

    assert item_key("4711") in possible_keys("4711")
    assert part_key(webhook, 12) in possible_keys("a/b/12")
    assert target_key(webhook, "orders") in possible_keys("a/b/orders")
    assert target_key(part_key(webhook, 12), "orders") in possible_keys("a/b/12/orders")
    assert target_key(item_key("4711"), "orders") in possible_keys("4711/orders")
    assert target_key(webhook, "new/orders") in possible_keys("a/b/new/orders")
    assert message_key("9f8e") in possible_keys("9f8e")


@pytest.mark.parametrize(
    "event", ["id:a", "id:a/b", "part:0/id:a/id:b", "id:target:a/id:b", "item:a"]
)
@pytest.mark.parametrize("flows", [[], ["orders"], ["other/orders"], ["orders", "other/orders"]])
def test_event_of_a_delivery(event: str, flows: list[str]) -> None:
    key = event
    for flow in flows:
        key = target_key(key, flow)

    assert event_of(key) == event


def test_key_can_be_given_itself() -> None:
    key = content_key([b"{}"])

    assert key in possible_keys(key)


@pytest.mark.parametrize("shown", ["evt_1", "/", "a/", "/1", "a/99999/" + "9" * 5_000, "\udcff/1"])
def test_there_are_few_keys_and_dynamodb_accepts_them(shown: str) -> None:
    keys = possible_keys(shown)

    assert len(keys) <= 16
    assert all(0 < len(key.encode()) <= 1_024 for key in keys)
    assert len(possible_keys("evt_1")) == 3
