"""Tests of delivery ids, keys, event types and times."""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.idempotency_keys import MAX_ID_BYTES
from bridge.verification.catalogue import PRESETS
from bridge.verification.identification import (
    Identity,
    check_alternative,
    event_type,
    identity_of,
    sent_at,
)
from bridge.webhook import Webhook
from tests.support.signing_senders import CASES, NOW


def webhook(body: object = None, **headers: str) -> Webhook:
    return Webhook("POST", "https://x/y", headers, json.dumps(body).encode())


def delivery_id(recipe: Sequence[str], request: Webhook, event: str = "") -> str:
    """The displayed id."""
    return identity_of(recipe, request, event).delivery_id


def key(recipe: Sequence[str], request: Webhook, **how: Any) -> str:
    """The idempotency key."""
    return identity_of(recipe, request, **how).key


def test_first_matching_alternative_is_used() -> None:
    recipe = ("header:x-delivery", "json:id")

    assert delivery_id(recipe, webhook({"id": "b"}, **{"x-delivery": "a"})) == "a"
    assert delivery_id(recipe, webhook({"id": "b"}, **{"x-delivery": ""})) == "b"
    assert event_type(("json:none", "json:type"), webhook({"type": "paid"})) == "paid"


def test_joined_alternative_needs_all_of_its_parts() -> None:
    recipe = ("json:payload.uri+json:event", "json:id")
    whole = webhook({"payload": {"uri": "https://c/1"}, "event": "created", "id": 3})
    half = webhook({"payload": {}, "event": "created", "id": 3})

    assert delivery_id(recipe, whole) == "https://c/1+created"
    assert delivery_id(recipe, half) == "3"


def test_ids_of_all_items_identify_a_batch() -> None:
    recipe = ("json:*.id",)

    assert delivery_id(recipe, webhook([{"id": 1}, {"id": 2}])) == "1,2"
    assert delivery_id(recipe, webhook([{"id": 1}, {}])).startswith("sha256:")


def test_without_an_id_the_key_is_a_hash_of_body_and_type() -> None:
    request = webhook({"a": 1})
    digest = hashlib.sha256(b'4:paid8:{"a": 1}').hexdigest()

    assert identity_of(("json:id",), request, "paid") == Identity(
        f"sha256:{digest}", f"content:{digest}"
    )
    assert delivery_id((), request, "paid") == delivery_id((), webhook({"a": 1}), "paid")
    assert delivery_id((), request, "paid") != delivery_id((), request, "refunded")
    assert delivery_id((), request, "paid") != delivery_id((), webhook({"a": 2}), "paid")


def test_key_is_the_content_where_the_id_is_unsigned() -> None:
    """Unsigned headers are ignored."""
    recipe = ("json:id",)
    first, second = webhook({"id": 1, "a": 1}), webhook({"id": 1, "a": 2})

    assert key(recipe, first, by_content=True) != key(recipe, second, by_content=True)
    assert key(recipe, first) == key(recipe, second)
    assert key((), first, signed=b"x") == key((), second, signed=b"x")
    assert delivery_id(recipe, first) == identity_of(recipe, first, by_content=True).delivery_id


def test_joined_ids_are_unambiguous() -> None:
    recipe = ("json:a+json:b",)

    keys = {key(recipe, webhook({"a": a, "b": b})) for a, b in (("x+y", "z"), ("x", "y+z"))}
    assert len(keys) == 2


def test_missing_event_type_is_empty() -> None:
    assert event_type(("json:type",), webhook({})) == ""


@pytest.mark.parametrize("text", ["x" * (MAX_ID_BYTES + 1), "a\nb", "a\x00", "\ud800"])
def test_long_or_unprintable_id_is_hashed(text: str) -> None:
    first = delivery_id(("json:id",), webhook({"id": text}))

    assert first.startswith("sha256:")
    assert first == delivery_id(("json:id",), webhook({"id": text, "retry": 1}))
    assert first != delivery_id(("json:id",), webhook({"id": text + "."}))


def test_id_of_the_maximum_length_is_unchanged() -> None:
    text = "ë" * (MAX_ID_BYTES // 2)

    assert delivery_id(("json:id",), webhook({"id": text})) == text


def test_event_name_of_github_is_not_a_delivery_id() -> None:
    recipe = PRESETS["github"].delivery_id
    first = webhook({}, **{"x-github-event": "push", "x-github-delivery": "1"})
    second = webhook({}, **{"x-github-event": "push", "x-github-delivery": "2"})

    assert delivery_id(recipe, first) != delivery_id(recipe, second)


@pytest.mark.parametrize("alternative", ["", "id", "json:a+", "json:a+b"])
def test_invalid_alternative_is_rejected(alternative: str) -> None:
    with pytest.raises(ValueError, match="must be header:NAME"):
        check_alternative(alternative)


@given(
    body=st.binary() | st.sampled_from([b"[" * 100_000, b'[{"eventId":1e400}]', b"1" * 5000]),
    header=st.text(st.characters()),
    name=st.sampled_from(sorted(PRESETS)),
)
def test_every_request_has_a_short_and_printable_id(body: bytes, header: str, name: str) -> None:
    headers = {
        extractor.removeprefix("header:"): header
        for recipe in (*PRESETS[name].delivery_id, *PRESETS[name].event_type)
        for extractor in recipe.split("+")
    }
    request = Webhook("POST", "https://x/y", headers, body)
    event = event_type(PRESETS[name].event_type, request)
    delivery = delivery_id(PRESETS[name].delivery_id, request, event)

    assert delivery
    assert delivery.isprintable()
    assert event.isprintable()
    assert len(delivery.encode()) <= MAX_ID_BYTES
    assert len(event.encode()) <= MAX_ID_BYTES
    assert delivery == delivery_id(PRESETS[name].delivery_id, request, event)


@pytest.mark.parametrize(
    ("name", "sent"),
    [
        ("stripe", NOW),
        ("workos", NOW),
        ("box", NOW),
        ("linear", NOW),
        ("telnyx", NOW),
        ("discord", NOW),
        ("aws_sns_v2", NOW),
        ("paypal", NOW),
        ("github", None),
        ("okta", None),
        ("jwt", None),
    ],
)
def test_senders_time_is_the_signed_timestamp_or_extracted(
    name: str, sent: datetime | None
) -> None:
    case = CASES[name]

    assert sent_at(case.declared.scheme, case.declared.sent_at, case.send()) == sent


@pytest.mark.parametrize("name", CASES)
def test_every_provider_has_an_id_for_its_webhooks(name: str) -> None:
    case = CASES[name]
    event = event_type(case.declared.event_type, case.send())

    first = delivery_id(case.declared.delivery_id, case.send(), event)
    assert first == delivery_id(case.declared.delivery_id, case.send(), event)
    assert "x-github-event" not in str(case.declared.delivery_id)


def test_cloud_events_are_identified_in_both_modes() -> None:
    """Binary mode has the attributes in headers, structured mode in the body."""
    preset = PRESETS["cloudevents"]
    attributes = {"source": "/orders", "id": "7", "type": "order.paid"}
    at_noon = {**attributes, "time": "2026-01-01T12:30:00Z"}
    binary = webhook({"a": 1}, **{f"ce-{name}": text for name, text in at_noon.items()})
    structured = webhook({**at_noon, "specversion": "1.0", "data": {"a": 1}})

    for request in (binary, structured):
        assert delivery_id(preset.delivery_id, request) == "/orders+7"
        assert event_type(preset.event_type, request) == "order.paid"
        assert sent_at(preset.scheme, preset.sent_at, request) == NOW


def test_hash_of_a_value_is_part_of_an_id_without_showing_it() -> None:
    recipe = ["json:id+sha256(json:answers)", "json:id"]
    first, other = (
        webhook({"id": "s-1", "answers": "Zoe"}),
        webhook({"id": "s-1", "answers": "Zoë"}),
    )

    check_alternative(recipe[0])
    assert delivery_id(recipe, first) != delivery_id(recipe, other)
    assert "Zoe" not in delivery_id(recipe, first)
    assert delivery_id(recipe, webhook({"id": "s-1"})) == "s-1"
    with pytest.raises(ValueError, match="must be header:NAME"):
        check_alternative("sha256(cookie:a)")
