"""Tests of attacks by a client that has no secret, or only one captured request."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote_plus, urlencode

import boto3
import pytest

from tests.support.delivery_cloud import DeliveryCloud, delivery_cloud
from tests.support.http_requests import configure, http, send
from tests.support.webhook_events import signed

BRAINTREE_KEY, BRAINTREE_ID = "CANARY-private", "integration_public_key"
XML = b"<notification><kind>check</kind><timestamp>2026-11-28T12:00:00Z</timestamp></notification>"
WHOLE = [{"Flow": "orders", "Map": {"body": "body"}}]
SECRET = "CANARY-shared"
SIGNED_BODY = {"Family": "mac", "Content": "{body}", "Signature": {"From": "header:x-signature"}}


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch) -> Iterator[DeliveryCloud]:
    with delivery_cloud(monkeypatch) as cloud:
        yield cloud


def messages(cloud: DeliveryCloud) -> list[Any]:
    """Return the entities that are in the inlet."""
    return [json.loads(each.content)["body"]["xdmEntity"] for each in cloud.adobe.ledger.received]


def mac(body: bytes, secret: str = SECRET) -> dict[str, str]:
    """Return the signature header of `SIGNED_BODY`."""
    return {"x-signature": hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}


def braintree(payload: str, **fields: str) -> bytes:
    """Return a form as Braintree signs it."""
    key = hashlib.sha1(BRAINTREE_KEY.encode(), usedforsecurity=False).digest()
    signature = hmac.new(key, payload.encode(), "sha1").hexdigest()
    form = {"bt_signature": f"{BRAINTREE_ID}|{signature}", "bt_payload": payload, **fields}
    return urlencode(form).encode()


def configure_braintree(cloud: DeliveryCloud, **properties: Any) -> None:
    constants = {"public_key": BRAINTREE_ID}
    given = {"Provider": "braintree", "Constants": constants, "Routes": WHOLE, **properties}
    assert configure(cloud, "braintree", BRAINTREE_KEY, **given) == ""


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


def test_only_signed_form_fields_reach_the_message_and_its_key(cloud: DeliveryCloud) -> None:
    configure_braintree(cloud)
    payload = base64.b64encode(XML).decode()
    genuine = braintree(payload)

    answers = send(
        cloud,
        http("braintree", genuine + b"&amount=1000000"),
        http("braintree", b"bt_payload_too=1&" + genuine),
        http("braintree", genuine + b"&bt_payload=other"),
        http("braintree", genuine, {"x-anything": "1"}, query="amount=7"),
        http("braintree", genuine),
    )

    assert [answer.status for answer in answers] == [200] * 5
    assert len({answer.document["xactionId"] for answer in answers}) == 1
    [message] = messages(cloud)
    assert message["body"] == {"bt_payload": payload}


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


def test_webhook_id_differs_from_the_id_of_an_item(cloud: DeliveryCloud) -> None:
    """The header is unsigned: with one captured body, any client can send any id."""
    routes = [{"Flow": "orders", "Map": {"n": "body.id"}}]
    given = {"Provider": "github", "Split": "body", "ItemId": "body.id", "Routes": routes}
    assert configure(cloud, "items", SECRET, **given) == ""

    def batch(*ids: str, delivery: str) -> dict[str, Any]:
        body = json.dumps([{"id": each} for each in ids]).encode()
        proof = {"x-hub-signature-256": f"sha256={mac(body)['x-signature']}"}
        named = {"x-github-event": "push", "x-github-delivery": delivery}
        return http("items", body, {**proof, **named})

    captured = batch("a", "b", delivery="first")
    send(cloud, captured)
    for taken in ("c", "d", "item:c", "part:0/id:c", "first/0", "c/orders"):
        captured["headers"]["x-github-delivery"] = taken
        send(cloud, captured)
    [answer] = send(cloud, batch("c", "d", delivery="second"))
    while cloud.depth()["ready"]:
        cloud.forward_what_waits()

    assert answer.status == 202
    assert sorted(each["n"] for each in messages(cloud)) == ["a", "b", "c", "d"]


def test_first_item_may_have_the_id_of_its_webhook(cloud: DeliveryCloud) -> None:
    """This happens without an attacker."""
    given = {"Split": "body.events", "ItemId": "body.id", "DeliveryId": "json:events.0.id"}
    routes = [{"Flow": "orders", "Map": {"n": "body.id"}}]
    assert configure(cloud, "items", SECRET, Scheme=SIGNED_BODY, Routes=routes, **given) == ""
    body = b'{"events":[{"id":"a"},{"id":"b"}]}'

    send(cloud, http("items", body, mac(body)))
    cloud.forward_what_waits()

    assert sorted(each["n"] for each in messages(cloud)) == ["a", "b"]
    assert cloud.dead() == []


BODY = b'{"id":"evt_1","type":"order.paid","total":5,"name":"&total=1000000&x="}'


def stripe(body: bytes, content_type: str) -> dict[str, Any]:
    sent = signed("stripe-signed", body=body)
    sent["headers"]["content-type"] = content_type
    return sent


@pytest.mark.parametrize(
    "content_type",
    ["application/x-www-form-urlencoded", "text/xml", "multipart/form-data; boundary=x", ""],
)
def test_content_type_does_not_change_how_a_signed_body_is_parsed(
    cloud: DeliveryCloud, content_type: str
) -> None:
    cloud.configure("stripe", Routes=[{"Flow": "orders", "Map": {"total": "body.total"}}])

    answers = send(cloud, stripe(BODY, content_type), stripe(BODY, "application/json"))

    assert [answer.status for answer in answers] == [200, 200]
    assert [each["total"] for each in messages(cloud)] == [5]


ADYEN_KEY = "CA" * 32
ITEM = {
    "pspReference": "7914073381342284",
    "merchantAccountCode": "TestMerchant",
    "merchantReference": "TestPayment-1",
    "amount": {"value": 1130, "currency": "EUR"},
    "eventCode": "AUTHORISATION",
    "success": "true",
}


def adyen_item(**changes: Any) -> dict[str, Any]:
    """Return an item whose eight fields are signed."""
    item = ITEM | changes
    amount = item["amount"]
    signed_text = ":".join(
        [
            item["pspReference"],
            item.get("originalReference", ""),
            item["merchantAccountCode"],
            item["merchantReference"],
            str(amount["value"]),
            amount["currency"],
            item["eventCode"],
            item["success"],
        ]
    )
    made = hmac.new(bytes.fromhex(ADYEN_KEY), signed_text.encode(), hashlib.sha256).digest()
    return item | {"additionalData": {"hmacSignature": base64.b64encode(made).decode()}}


def adyen(document: object) -> dict[str, Any]:
    return http("adyen", json.dumps(document).encode())


def test_only_fields_signed_by_adyen_are_forwarded(cloud: DeliveryCloud) -> None:
    given = {"Provider": "adyen_payments", "Routes": WHOLE}
    assert configure(cloud, "adyen", ADYEN_KEY, **given) == ""
    item = {"NotificationRequestItem": adyen_item(reason="unsigned", originalReference="")}
    item["NotificationRequestItem"]["originalReference"] = {"forged": 1}
    other = {"NotificationRequestItem": {**ITEM, "amount": {"value": 1, "currency": "EUR"}}}

    answers = send(
        cloud,
        adyen({"notificationItems": {"*": item, "0": other}}),
        adyen({"notificationItems": {"0": item, "*": other}}),
        adyen({"notificationItems": [item, other]}),
        adyen({"live": "true", "notificationItems": [{**item, "extra": 1}]}),
        adyen({"notificationItems": [item]}),
    )

    assert [answer.status for answer in answers] == [401, 401, 401, 200, 200]
    [message] = messages(cloud)
    assert message["body"] == {"notificationItems": [{"NotificationRequestItem": ITEM}]}


def test_two_events_of_one_payment_are_not_duplicates(cloud: DeliveryCloud) -> None:
    """They differ only in signed fields."""
    given = {"Provider": "adyen_payments", "Routes": WHOLE}
    assert configure(cloud, "adyen", ADYEN_KEY, **given) == ""

    for changes in ({"success": "false"}, {"success": "true"}, {"merchantAccountCode": "Other"}):
        item = {"NotificationRequestItem": adyen_item(**changes)}
        send(cloud, adyen({"notificationItems": [item]}), adyen({"notificationItems": [item]}))

    assert len(messages(cloud)) == 3


def test_unsigned_headers_reach_the_message_only_if_configured(cloud: DeliveryCloud) -> None:
    routes = [{"Flow": "orders", "Map": {"topic": 'headers."x-topic"'}}]
    given: dict[str, Any] = {"Scheme": SIGNED_BODY, "Routes": routes}

    reason = configure(cloud, "custom", SECRET, **given)
    assert reason.startswith("Routes: may not read header x-topic")
    assert "Unsigned: [header:x-topic]" in reason
    answer = cloud.provisioned.ask(
        action="apply",
        source={"Name": "custom", "Connection": "orders", "Unsigned": ["header:x-topic"]}
        | given
        | {"Secrets": ["/inlet-bridge/dev/secrets/custom"]},
    )

    assert answer["ok"], answer
    assert "uses header:x-topic, which the signature does not cover" in str(answer)


def test_scheme_that_does_not_sign_the_body_forwards_no_part_of_it(
    cloud: DeliveryCloud,
) -> None:
    scheme = SIGNED_BODY | {"Content": "{header:x-id}"}
    given: dict[str, Any] = {"Scheme": scheme, "Routes": WHOLE}

    assert configure(cloud, "custom", SECRET, **given).startswith("Unsigned: is required")
    assert configure(cloud, "custom", SECRET, **given, Unsigned=["json:a"]) == ""
    headers = {"x-id": "1", **mac(b"1")}
    send(cloud, http("custom", b'{"a":{"b":1},"c":2}', headers))
    send(cloud, http("custom", b'{"a":{"b":9},"c":2}', headers))

    assert [each["body"] for each in messages(cloud)] == [{"a": {"b": 1}}]


def test_unsigned_hash_of_the_body_does_not_cover_the_body(cloud: DeliveryCloud) -> None:
    scheme = SIGNED_BODY | {"Content": "{header:x-id}", "BodySha256": "header:x-hash"}

    reason = configure(cloud, "custom", SECRET, Scheme=scheme, Routes=WHOLE)

    assert reason.startswith("Scheme.BodySha256: must be a value that Content signs")


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


def test_unknown_source_names_are_not_found_and_cause_no_aws_calls(cloud: DeliveryCloud) -> None:
    """The number of names and their rate do not matter; known sources continue to work."""
    calls: list[str] = []
    boto3.DEFAULT_SESSION.events.register(  # type: ignore[union-attr]
        "before-call.ssm", lambda model, **_: calls.append(model.name)
    )
    send(cloud, http("warm-up"))
    calls.clear()

    answers = send(cloud, *(http(f"invented-{number}", b"{}") for number in range(2_000)))
    [genuine] = send(cloud, signed("github-signed"))

    assert {answer.status for answer in answers} == {404}
    assert genuine.status == 200
    assert len(calls) <= 4, "two of them for the genuine source"


def test_source_with_a_path_token_is_indistinguishable_from_no_source(cloud: DeliveryCloud) -> None:
    ssm, token = boto3.client("ssm"), "CANARY-token-0123456789"
    reference = "/inlet-bridge/dev/secrets/path"
    ssm.put_parameter(Name=reference, Value=token, Type="SecureString")
    given = {"Scheme": SIGNED_BODY, "PathTokens": [reference]}
    assert configure(cloud, "hidden", SECRET, **given) == ""
    ssm.delete_parameter(Name="/inlet-bridge/dev/secrets/hidden")
    cloud.restart()
    questions: list[dict[str, Any]] = [
        {"body": b"{}"},
        {"method": "GET"},
        {"body": b"%" * 4_400_000},
        {"token": "CANARY-token-9876543210"},
        {"headers": {"x-signature": "0"}},
    ]

    for question in questions:
        hidden, absent = (send(cloud, http(name, **question))[0] for name in ("hidden", "absent"))
        assert hidden == absent

    assert send(cloud, http("hidden", token=token))[0].status == 503


@pytest.mark.parametrize("provider", ["braintree", "twilio_form", "mandrill"])
def test_oversized_body_is_rejected_before_it_is_decoded(
    cloud: DeliveryCloud, provider: str
) -> None:
    constants = {"public_key": "x"} if provider == "braintree" else None
    given = {"Provider": provider, "Constants": constants, "Routes": WHOLE}
    assert configure(cloud, "it", SECRET, **given) == ""

    bodies = [b"a=" + b"%" * 4_400_000, b"%" * 1_000_001, b"&" * 1_000_001]
    answers = send(cloud, *(http("it", body) for body in bodies))

    assert [answer.status for answer in answers] == [413] * 3
    malformed = b"a=" + quote_plus("%").encode() * 1_000 + b"%" * 900_000
    assert send(cloud, http("it", malformed))[0].status == 401
