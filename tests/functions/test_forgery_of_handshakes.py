"""Tests of attacks with the response to a handshake, which contains a keyed hash."""

from typing import Any
from urllib.parse import urlencode

import pytest

from tests.support.delivery_cloud import DeliveryCloud
from tests.support.forged_requests import (
    SECRET,
    SIGNED_BODY,
    WHOLE,
    configure_braintree,
    mac,
    messages,
)
from tests.support.http_requests import configure, http, send


@pytest.mark.parametrize("challenge", ["0" * 20, "20f9f8ed05f77439fe955c977e4c8a53"])
def test_challenge_response_is_not_a_valid_signature(cloud: DeliveryCloud, challenge: str) -> None:
    configure_braintree(cloud)

    [answer] = send(cloud, http("braintree", method="GET", query=f"bt_challenge={challenge}"))
    assert answer.status == 200
    for payload in (challenge, challenge + "\n"):
        form = {"bt_payload": payload, "bt_signature": answer.body, "amount": "1000000"}
        [forged] = send(cloud, http("braintree", urlencode(form).encode()))
        assert forged.status == 401

    assert messages(cloud) == []


@pytest.mark.parametrize(
    ("pattern", "content"),
    [
        ("", "{body}"),
        (".*", "{body}"),
        ("[\\s\\S]+", "{body}"),
        ("[^x]{1,4000}", "{body}"),
        ("\\{.*\\}", "{body}"),
        (".{1,9}", "{body}"),
        ("[a-z0-9]{1,40}", "{form:token}"),
        ("[0-9a-f]{64}", "{header:x-id}"),
        ("v0:[0-9]+:.*", "v0:{timestamp}:{body}"),
        ("[!-~]+", "{url}{form_sorted}"),
        ("(?:[a-f0-9]{20,32})", "{body}"),
        ("(?s).*", "{body}"),
        ("a|.*", "{body}"),
    ],
)
def test_handshake_that_could_sign_a_webhook_is_rejected_at_deployment(
    cloud: DeliveryCloud, pattern: str, content: str
) -> None:
    handshake = {
        "When": ["method=GET", "query:challenge"],
        "Answer": {"Text": "{mac:query:challenge}"},
        "Signed": "false",
        "Pattern": pattern,
    }
    scheme: dict[str, Any] = SIGNED_BODY | {"Content": content}
    if "{timestamp}" in content:
        scheme["Timestamp"] = {"From": "header:x-time"}

    for is_signed in ("false", "true"):
        reason = configure(
            cloud,
            "custom",
            SECRET,
            Scheme=scheme,
            Handshakes=[handshake | {"Signed": is_signed}],
            Routes=WHOLE,
            Unsigned=["body"],
        )
        assert reason.startswith("Handshakes.Pattern: ")


def test_webhook_that_a_handshake_would_sign_is_rejected(cloud: DeliveryCloud) -> None:
    """Its signature is valid, but the handshake may have produced it."""
    handshake = {
        "When": ["method=GET", "query:challenge"],
        "Answer": {"Text": "{mac:query:challenge}"},
        "Signed": "false",
        "Pattern": "[0-9]{1,40}",
    }
    body = b"12345678"
    properties = {"Scheme": SIGNED_BODY, "Handshakes": [handshake], "Routes": WHOLE}
    assert configure(cloud, "custom", SECRET, **properties) == ""

    [answer] = send(cloud, http("custom", method="GET", query="challenge=12345678"))
    assert answer.body == mac(body)["x-signature"]
    [forged] = send(cloud, http("custom", body, {"x-signature": answer.body}))

    assert forged.status == 401
    assert messages(cloud) == []
