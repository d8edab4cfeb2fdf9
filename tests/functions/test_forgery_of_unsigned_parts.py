"""Tests of attacks with the parts of a request that its signature does not cover."""

import base64
import hashlib
import hmac
import json
from typing import Any

import pytest

from tests.support.delivery_cloud import DeliveryCloud
from tests.support.forged_requests import (
    ADYEN_KEY,
    SECRET,
    SIGNED_BODY,
    WHOLE,
    braintree,
    configure_braintree,
    mac,
    messages,
)
from tests.support.http_requests import configure, http, send
from tests.support.webhook_events import signed

XML = b"<notification><kind>check</kind><timestamp>2026-11-28T12:00:00Z</timestamp></notification>"


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
