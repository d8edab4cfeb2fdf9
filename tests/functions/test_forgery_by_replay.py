"""Tests of attacks with a captured request."""

import base64
import hashlib
import hmac
import json
import time
from typing import Any

import pytest

from tests.support.delivery_cloud import DeliveryCloud
from tests.support.forged_requests import ADYEN_KEY, SECRET, mac, messages
from tests.support.http_requests import configure, http, send


@pytest.mark.parametrize("protection", ["standard", "strict"])
def test_captured_request_with_another_id_depends_on_the_replay_protection(
    cloud: DeliveryCloud, protection: str
) -> None:
    """GitHub signs neither an id nor a time, and may send the same body for two events."""
    given = {"Provider": "github", "ReplayProtection": protection}
    assert configure(cloud, "repo", SECRET, **given) == ""
    body = b'{"action":"added"}'
    proof = {
        "x-hub-signature-256": f"sha256={mac(body)['x-signature']}",
        "x-github-event": "member",
    }

    for delivery in ("1", "1", "2"):
        send(cloud, http("repo", body, {**proof, "x-github-delivery": delivery}))

    assert len(messages(cloud)) == (1 if protection == "strict" else 2)


def test_strict_protection_is_rejected_without_signed_content(cloud: DeliveryCloud) -> None:
    given = {"Provider": "gitlab_token", "ReplayProtection": "strict"}

    reason = configure(cloud, "gitlab", SECRET, **given)

    assert reason.startswith("ReplayProtection: must be standard")


@pytest.mark.parametrize("provider", ["jira", "razorpay", "linear", "adyen_header", "box"])
def test_captured_request_with_another_header_is_a_duplicate(
    cloud: DeliveryCloud, provider: str
) -> None:
    """Only signed content identifies an event; unsigned headers do not."""
    moment = time.time()
    names = {
        "jira": ("x-hub-signature", "sha256={hex}", "x-atlassian-webhook-identifier"),
        "razorpay": ("x-razorpay-signature", "{hex}", "x-razorpay-event-id"),
        "linear": ("linear-signature", "{hex}", "linear-delivery"),
        "adyen_header": ("hmacsignature", "{b64}", "x-id"),
        "box": ("box-signature-primary", "{b64}", "box-delivery-id"),
    }
    header, form, identifier = names[provider]
    secret = ADYEN_KEY if provider == "adyen_header" else SECRET
    assert configure(cloud, "it", secret, Provider=provider) == ""
    body = json.dumps({"id": "1", "webhookTimestamp": round(moment * 1000), "a": 1}).encode()
    at = time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime(moment - 5))
    content = body + at.encode() if provider == "box" else body
    key = bytes.fromhex(secret) if provider == "adyen_header" else secret.encode()
    made = hmac.new(key, content, hashlib.sha256).digest()
    text = form.format(hex=made.hex(), b64=base64.b64encode(made).decode())
    beside = {
        "box-delivery-timestamp": at,
        "box-signature-version": "1",
        "box-signature-algorithm": "HmacSHA256",
    }

    answers = send(
        cloud,
        *(http("it", body, {header: text, **beside, identifier: each}) for each in ("1", "2", "")),
    )

    assert [answer.status for answer in answers] == [200] * 3
    assert len(messages(cloud)) == 1


def test_signature_older_than_the_delivery_records_is_rejected(
    cloud: DeliveryCloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Zoom defines no maximum age; the delivery record expires after `RecordDays`."""
    monkeypatch.setenv("RECORD_DAYS", "3")
    cloud.restart()
    assert configure(cloud, "zoom", SECRET, Provider="zoom") == ""

    def sent(days: float) -> dict[str, Any]:
        at, body = str(round(time.time() - days * 86_400)), b'{"event":"a"}'
        text = hmac.new(SECRET.encode(), f"v0:{at}:".encode() + body, hashlib.sha256).hexdigest()
        return http("zoom", body, {"x-zm-signature": f"v0={text}", "x-zm-request-timestamp": at})

    assert [each.status for each in send(cloud, sent(3.1), sent(2.9))] == [401, 200]
    assert len(messages(cloud)) == 1
