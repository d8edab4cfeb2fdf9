"""Expressions read the query, headers and encoded parts of a webhook."""

import base64
import hashlib
import hmac
import json
from typing import Any

import boto3

from tests.support.delivery_cloud import SOURCE_DOCUMENT, DeliveryCloud
from tests.support.http_requests import configure, http, send
from tests.support.moto_deployment import texts

SECRET = "CANARY-shared"
SIGNED_BODY = {"Family": "mac", "Content": "{body}", "Signature": {"From": "header:x-signature"}}
SIGNED_URL = SIGNED_BODY | {"Content": "{url}{body}"}
URL = "https://hooks.acme.example/webhooks/custom"


def messages(cloud: DeliveryCloud) -> list[Any]:
    """Return the entities that are in the inlet."""
    return [json.loads(each.content)["body"]["xdmEntity"] for each in cloud.adobe.ledger.received]


def mac(content: bytes) -> dict[str, str]:
    return {"x-signature": hmac.new(SECRET.encode(), content, hashlib.sha256).hexdigest()}


def mapped(template: dict[str, Any], **properties: Any) -> dict[str, Any]:
    return {"Scheme": SIGNED_BODY, "Routes": [{"Flow": "orders", "Map": template}], **properties}


def test_signed_query_and_headers_are_read_in_every_place(cloud: DeliveryCloud) -> None:
    route = {
        "Flow": "orders",
        "When": "query.kind == 'sale' && headers.\"x-shop\" == 'acme'",
        "Map": {
            "shop": "query.shop",
            "tags": "query.tag",
            "blank": "query.blank",
            "header": 'headers."x-shop"',
            "missing": "query.none",
            "id": "delivery_id",
        },
        "Identity": {"Email": 'query."e-mail"'},
    }
    given = {
        "Scheme": SIGNED_URL,
        "PublicUrl": URL,
        "Unsigned": ["header:x-shop"],
        "Split": "query.kind == 'sale' && body",
        "ItemId": "join('-', [query.shop, body.id])",
        "Routes": [route],
        "Otherwise": "drop",
        "Delivery": "queued",
    }
    assert configure(cloud, "custom", SECRET, **given) == ""
    query = "kind=sale&shop=B%C3%BCro+1&tag=a&tag=b&blank=&e-mail=ada%40example.com&other=secret"
    body = b'[{"id":"1"},{"id":"2"}]'
    headers = mac(f"{URL}?{query}".encode() + body) | {"x-shop": "acme"}

    [answer] = send(cloud, http("custom", body, headers, query=query))

    assert answer.status == 202
    [text, _] = texts(cloud.buffer)
    assert "other" not in text
    assert cloud.forward_what_waits() == []
    assert sorted(messages(cloud), key=lambda each: each["id"]) == [
        {
            "shop": "Büro 1",
            "tags": ["a", "b"],
            "header": "acme",
            "id": f"Büro 1-{number}",
            "identityMap": {"Email": [{"id": "ada@example.com", "primary": True}]},
        }
        for number in (1, 2)
    ]


def test_unsigned_query_reaches_the_message_only_if_configured(cloud: DeliveryCloud) -> None:
    given = mapped({"shop": "query.shop"})

    reason = configure(cloud, "custom", SECRET, **given)
    assert reason.startswith("Routes: may not read query parameter shop")
    assert "Unsigned: [query:shop]" in reason
    assert configure(cloud, "custom", SECRET, **given, Unsigned=["query:shop"]) == ""
    [answer] = send(cloud, http("custom", b"{}", mac(b"{}"), query="shop=acme&shop=b&x=1"))

    assert answer.status == 200
    assert messages(cloud) == [{"shop": ["acme", "b"]}]
    document = boto3.client("ssm").get_parameter(Name=f"{SOURCE_DOCUMENT}custom")
    assert json.loads(document["Parameter"]["Value"])["query"] == ["shop"]


def test_query_is_decoded_or_refused_but_not_spoilt(cloud: DeliveryCloud) -> None:
    given = mapped({"name": "query.name", "sex": "query.sex"}, Unsigned=["query:name", "query:sex"])
    assert configure(cloud, "custom", SECRET, **given) == ""
    assert configure(cloud, "latin", SECRET, **given, Charset="ISO-8859-1") == ""

    for source, query, status in (
        ("custom", "name=Zo%C3%AB&sex", 200),
        ("custom", "name=Zo%EB&sex=f", 415),
        ("custom", "other=Zo%EB&sex=f", 200),
        ("latin", "name=Zo%EB&sex=f", 200),
        ("latin", "name=Zo%C3%AB", 200),
    ):
        [answer] = send(cloud, http(source, b"{}", mac(b"{}"), query=query))
        assert answer.status == status, query

    assert messages(cloud) == [{"name": "Zoë"}, {"name": "Zoë", "sex": "f"}]


def test_token_in_the_query_cannot_be_read(cloud: DeliveryCloud) -> None:
    scheme = {"Family": "token", "From": "query:token"}
    for expression, reason in {
        "query.token": "may not read query parameter token: it contains a credential",
        "query": "reads the whole query; write query.name",
        "query.*": "reads the whole query; write query.name",
    }.items():
        given = mapped({"a": expression}, Scheme=scheme)
        assert reason in configure(cloud, "custom", SECRET, **given)
    given = mapped({"a": "query.a"}, Scheme=scheme)
    assert configure(cloud, "custom", SECRET, **given) == ""

    [answer] = send(cloud, http("custom", b"{}", query=f"token={SECRET}&a=1"))

    assert answer.status == 200
    assert messages(cloud) == [{"a": "1"}]


def test_query_that_is_too_long_is_rejected(cloud: DeliveryCloud) -> None:
    given = mapped({"a": "query.a"}, Unsigned=["query:a"])
    assert configure(cloud, "custom", SECRET, **given) == ""

    [answer] = send(cloud, http("custom", b"{}", mac(b"{}"), query="a=" + "x" * 16_384))

    assert answer.status == 413
    assert messages(cloud) == []


def test_encoded_parts_are_decoded(cloud: DeliveryCloud) -> None:
    """`message.data` as in a push of Google Pub/Sub."""
    data = base64.b64encode('{"price":1.10,"name":"Büro"}'.encode()).decode()
    body = {
        "message": {"data": data, "url": base64.urlsafe_b64encode("Tür?>".encode()).decode()},
        "form": "a%20b+c%C3%BC",
        "digits": "c3bc",
    }
    template = {
        "content": "parse_json(base64_decode(body.message.data))",
        "url": "base64url_decode(body.message.url)",
        "form": "url_decode(body.form)",
        "hex": "hex('ü')",
        "text": "hex_decode(body.digits)",
        "none": "base64_decode(body.none)",
    }
    assert configure(cloud, "custom", SECRET, **mapped(template)) == ""
    content = json.dumps(body).encode()

    send(cloud, http("custom", content, mac(content)))

    [message] = cloud.adobe.ledger.received
    assert b'"price":1.10' in message.content
    assert messages(cloud) == [
        {
            "content": {"price": 1.1, "name": "Büro"},
            "url": "Tür?>",
            "form": "a b cü",
            "hex": "c3bc",
            "text": "ü",
        }
    ]


def test_bytes_that_are_no_text_are_a_dead_letter_with_a_reason(cloud: DeliveryCloud) -> None:
    assert configure(cloud, "custom", SECRET, **mapped({"a": "base64_decode(body.a)"})) == ""
    for text in ("/w==", "not base64!"):
        content = json.dumps({"a": text}).encode()
        send(cloud, http("custom", content, mac(content)))
    cloud.forward_what_waits()

    reasons = " ".join(reason for _, reason in cloud.dead())
    assert "a: base64_decode() decodes to bytes that are not UTF-8" in reasons
    assert "a: base64_decode() cannot convert what it is given" in reasons


def test_money_has_the_unit_of_the_preset_or_of_the_third_argument(cloud: DeliveryCloud) -> None:
    template = {
        "own": "money(body.amount, body.currency)",
        "named": "money(body.amount, body.currency, 'stripe')",
        "standard": "money(body.amount, body.currency, 'iso4217')",
        "adyen": "money(body.amount, 'IDR', 'adyen')",
        "major": "money('19.90', body.currency, 'shopify')",
    }
    for name, own in (("custom", "500"), ("stripe", "5")):
        given = mapped(template) if name == "custom" else {"Provider": "stripe"}
        given["Routes"] = mapped(template)["Routes"]
        assert configure(cloud, name, SECRET, **given) == ""
        content = json.dumps({"id": name, "amount": 500, "currency": "isk"}).encode()
        headers = mac(content) if name == "custom" else stripe_headers(content)
        send(cloud, http(name, content, headers))

        text = cloud.adobe.ledger.received[-1].content.decode()
        assert f'{{"own":{own},"named":5,"standard":500,"adyen":500,"major":19.9}}' in text
    reason = configure(cloud, "custom", SECRET, **mapped({"a": "money(body.a, 'EUR', 'strpe')"}))
    assert "calls money(), which has no provider strpe; there is adyen, " in reason


def stripe_headers(content: bytes) -> dict[str, str]:
    from tests.support.webhook_events import signed  # noqa: PLC0415

    return dict(signed("stripe-signed", body=content, secret=SECRET)["headers"])
