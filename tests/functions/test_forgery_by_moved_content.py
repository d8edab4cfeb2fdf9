"""Tests of attacks that keep the signed text of a captured request and cut it elsewhere."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from typing import Any

import pytest

from tests.support.delivery_cloud import DeliveryCloud
from tests.support.extended_hash import extended_sha256
from tests.support.forged_requests import SECRET, WHOLE, messages
from tests.support.http_requests import configure, http, send

KEY = b"k" * 32
FORGED = "total=1000000&x="


def configured(cloud: DeliveryCloud, content: str, **scheme: Any) -> None:
    """Configure the source `custom`, whose body has any form."""
    given = {"Family": "mac", "Content": content, "Signature": {"From": "header:x-signature"}}
    reason = configure(cloud, "custom", SECRET, Scheme=given | scheme, Routes=WHOLE)
    assert reason == ""


def custom(signed: str, headers: Mapping[str, str], body: str, query: str = "") -> dict[str, Any]:
    signature = hmac.new(SECRET.encode(), signed.encode(), hashlib.sha256).hexdigest()
    return http("custom", body.encode(), {**headers, "x-signature": signature}, query=query)


@pytest.mark.parametrize("prefix", ["webhook", "svix"])
def test_beginning_of_the_body_is_not_moved_to_the_id(cloud: DeliveryCloud, prefix: str) -> None:
    provider = {"webhook": "standard_webhooks", "svix": "svix"}[prefix]
    secret = f"whsec_{base64.b64encode(KEY).decode()}"
    assert configure(cloud, "it", secret, Provider=provider, Routes=WHOLE) == ""
    now = str(int(time.time()))
    body = json.dumps({"name": f"x.{now}.{FORGED}"})

    def request(identifier: str, content: str) -> dict[str, Any]:
        signed = f"{identifier}.{now}.{content}".encode()
        proof = base64.b64encode(hmac.new(KEY, signed, hashlib.sha256).digest()).decode()
        headers = {"id": identifier, "timestamp": now, "signature": f"v1,{proof}"}
        named = {f"{prefix}-{name}": text for name, text in headers.items()}
        return http("it", content.encode(), named)

    before, _, after = body.partition(f".{now}.")
    genuine, forged = request("msg_1.0", body), request(f"msg_1.0.{now}.{before}", after)
    assert genuine["headers"][f"{prefix}-signature"] == forged["headers"][f"{prefix}-signature"]

    answers = send(cloud, forged, genuine)

    assert [answer.status for answer in answers] == [401, 200]
    assert [each["body"] for each in messages(cloud)] == [json.loads(body)]


# The content, and the ID and the body that are sent and forged.
CUT = {
    "without a separator": (
        "{header:x-id}{body}",
        ("id", f'{{"name":"{FORGED}"}}'),
        ('id{"name":"', f'{FORGED}"}}'),
    ),
    "XML": (
        "{header:x-id}{body}",
        ("id", "<r><name>total=1000000</name></r>"),
        ("id<r><name>", "total=1000000</name></r>"),
    ),
    "a list": (
        "{header:x-id}:{body}",
        ("id", f'[":{FORGED}"]'),
        ('id:["', f'{FORGED}"]'),
    ),
    "a form": (
        "{header:x-id}:{body}",
        ("id", "a=1&b=2&c=:total=5"),
        ("id:a=1&b=2&c=", "total=5"),
    ),
    "after the body": (
        "{body}:{header:x-id}",
        ("id", "a=1:b=2&c=3"),
        ("b=2&c=3:id", "a=1"),
    ),
}


@pytest.mark.parametrize(("content", "sent", "forged"), CUT.values(), ids=CUT)
def test_part_of_a_body_is_not_moved_to_a_header(
    cloud: DeliveryCloud, content: str, sent: tuple[str, str], forged: tuple[str, str]
) -> None:
    configured(cloud, content)
    texts = [
        content.replace("{header:x-id}", identifier).replace("{body}", body)
        for identifier, body in (sent, forged)
    ]
    assert texts[0] == texts[1]

    answers = send(
        cloud, *(custom(texts[0], {"x-id": each[0]}, each[1]) for each in (forged, sent))
    )

    assert [answer.status for answer in answers] == [401, 200]
    assert len(messages(cloud)) == 1


def test_part_of_a_body_is_not_moved_to_a_timestamp_that_is_a_text(cloud: DeliveryCloud) -> None:
    unit = {"From": "header:x-time", "Unit": "text", "PastSeconds": None, "FutureSeconds": None}
    configured(cloud, "{timestamp}{body}", Timestamp=unit)
    moved, kept = '{"name":"', f'{FORGED}"}}'

    answers = send(
        cloud,
        custom(f"now{moved}{kept}", {"x-time": f"now{moved}"}, kept),
        custom(f"now{moved}{kept}", {"x-time": "now"}, moved + kept),
    )

    assert [answer.status for answer in answers] == [401, 200]


def test_part_of_a_body_is_not_moved_to_the_query(cloud: DeliveryCloud) -> None:
    configured(cloud, "{url}{body}")
    moved, kept = '{"name":"', f'{FORGED}"}}'
    genuine = custom("", {}, moved + kept, "shop=1")
    url = f"https://{genuine['requestContext']['domainName']}{genuine['rawPath']}?shop=1"

    answers = send(
        cloud,
        custom(f"{url}{moved}{kept}", {}, kept, f"shop=1{moved}"),
        custom(f"{url}{moved}{kept}", {}, moved + kept, "shop=1"),
    )

    assert [answer.status for answer in answers] == [401, 200]


@pytest.mark.parametrize(
    ("content", "headers"),
    [
        ("{header:x-id}.{body}", {"x-id": "a.b-c_d=="}),
        ("{header:x-id}.{body}", {"x-id": "<a.b@example.com>"}),
        ("{header:x-id};{body}", {"x-id": 'multipart/form-data; boundary="abc"'}),
        ("{header:x-id}{body}", {"x-id": 'multipart/form-data; boundary="abc"'}),
        ("{header:x-id}{body}", {"x-id": "[1,2]"}),
        ("{header:x-id}\n{body}", {"x-id": '{"a":"<b>&"}'}),
        ("{header:x-id}:{body}", {"x-id": '{"a"}<b>&'.replace(":", "")}),
    ],
)
def test_values_that_contain_no_part_of_a_body_are_accepted(
    cloud: DeliveryCloud, content: str, headers: dict[str, str]
) -> None:
    configured(cloud, content)
    signed = content.replace("{header:x-id}", headers["x-id"]).replace("{body}", '{"a":1}')

    [answer] = send(cloud, custom(signed, headers, '{"a":1}'))

    assert answer.status == 200


@pytest.mark.parametrize("appended", [b"&total=1000000", b""])
def test_plain_hash_is_not_extended(cloud: DeliveryCloud, appended: bytes) -> None:
    """With the hash of `secret + body`, anyone can compute that of a longer body."""
    configured(cloud, "{secret}{body}", Algorithm="sha256")
    body = b"total=5&name=caf\xc3\xa9"
    known = hashlib.sha256(SECRET.encode() + body).hexdigest()
    longer, proof = extended_sha256(known, len(SECRET), body, appended)
    assert proof == hashlib.sha256(SECRET.encode() + longer).hexdigest()
    form = {"content-type": "application/x-www-form-urlencoded; charset=latin-1"}

    answers = send(
        cloud,
        http("custom", longer, {**form, "x-signature": proof}),
        http("custom", body, {**form, "x-signature": known}),
    )

    assert [answer.status for answer in answers] == [401, 200]
    assert [each["body"] for each in messages(cloud)] == [{"total": "5", "name": "café"}]
