"""Webhooks, retries and similar events of eight providers, through the receiver's handler."""

import json
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import jwt
import pytest

from tests.support.delivery_cloud import DeliveryCloud
from tests.support.sent_requests import declare, passed, store_secret
from tests.support.signing_senders import CASES
from tests.support.similar_events import VARIANTS, mapped, traced


@pytest.mark.parametrize("provider", VARIANTS)
def test_one_message_per_event_and_none_for_forged_requests(
    cloud: DeliveryCloud, provider: str
) -> None:
    variants = VARIANTS[provider]()
    declare(cloud, provider, **variants.properties)

    def send(request: dict[str, Any]) -> int:
        status = cloud.receive(request).status
        while cloud.depth()["ready"]:
            cloud.forward_what_waits()
        return status

    assert [send(request) for request in variants.forged] == [401] * len(variants.forged)
    assert cloud.adobe.ledger.received == ()
    assert send(variants.event) in {200, 202}
    assert send(variants.retry) in {200, 202}
    assert len(cloud.adobe.ledger.received) == 1
    assert send(variants.other) in {200, 202}
    assert len(cloud.adobe.ledger.received) == 2


def test_database_webhooks_of_supabase_need_a_header(cloud: DeliveryCloud) -> None:
    declare(cloud, "supabase", Scheme={"Family": "token", "From": "header:x-hook-secret"})
    store_secret("supabase", "tok-1")
    body = json.dumps({"type": "UPDATE", "schema": "public", "table": "orders", "record": {}})

    def send(secret: str, trace: str) -> int:
        request = passed("supabase", headers={"x-hook-secret": secret}, body=body.encode())
        return cloud.receive(traced(request, trace)).status

    assert send("another", "1") == 401
    assert (send("tok-1", "1"), send("tok-1", "2")) == (200, 200)
    assert len(cloud.adobe.ledger.received) == 2


def test_webhook_of_vonage_without_a_body_is_taken_with_a_map(cloud: DeliveryCloud) -> None:
    declare(cloud, "vonage", **mapped(id="delivery_id"))

    def get(claims: dict[str, Any], secret: str, body: bytes = b"") -> int:
        text = jwt.encode({"iat": int(datetime.now(UTC).timestamp())} | claims, secret, "HS256")
        headers = {"authorization": f"Bearer {text}"}
        request = passed("vonage", method="GET", query="to=1&text=Hi", headers=headers, body=body)
        return cloud.receive(request).status

    secret = CASES["vonage"].secret
    assert get({}, secret) == 200
    assert get({}, CASES["vonage"].other_secret) == 401
    assert get({}, secret, b"{}") == 401
    assert get({"payload_hash": sha256(b"other").hexdigest()}, secret) == 401
    assert len(cloud.adobe.ledger.received) == 1
