"""Tests of attacks by a client that has no secret: names, paths, ids and sizes that it chooses."""

import json
from typing import Any
from urllib.parse import quote_plus

import boto3
import pytest

from tests.support.delivery_cloud import DeliveryCloud
from tests.support.forged_requests import SECRET, SIGNED_BODY, WHOLE, mac, messages
from tests.support.http_requests import configure, http, send
from tests.support.webhook_events import signed


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
