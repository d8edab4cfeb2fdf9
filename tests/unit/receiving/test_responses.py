"""Tests for `bridge.receiving.responses`."""

import json
from http import HTTPStatus

import pytest

from bridge.delivery.record import State
from bridge.receiving.receiver import Receipt
from bridge.receiving.responses import accepted, problem, provider_response
from bridge.verification.provider_response import ProviderResponse


def test_delivered_webhook_is_a_200_with_its_xaction_id() -> None:
    """With the id in its log, the sender can find the record at Adobe."""
    answer = accepted(Receipt(State.DELIVERED, "d-1", "events", "f-1", "1:2:3"))

    assert answer["statusCode"] == 200
    assert json.loads(answer["body"]) == {
        "status": "delivered",
        "delivery_id": "d-1",
        "flow": "events",
        "flow_id": "f-1",
        "xactionId": "1:2:3",
    }


def test_buffered_webhook_is_a_202() -> None:
    """It has no xactionId yet."""
    answer = accepted(Receipt(State.BUFFERED, "d-1", "events", "f-1"))

    assert answer["statusCode"] == 202
    assert "xactionId" not in json.loads(answer["body"])


@pytest.mark.parametrize("status", [401, 404, 413, 415, 429, 503])
def test_problem_contains_only_its_status(status: int) -> None:
    """An attacker learns nothing from it."""
    answer = problem(HTTPStatus(status))

    assert answer["headers"]["Content-Type"] == "application/problem+json"
    assert json.loads(answer["body"]) == {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
    }
    assert ("Retry-After" in answer["headers"]) == (status in {429, 503})


def test_handshake_response_is_returned_unchanged() -> None:
    """Some providers compare it byte by byte."""
    reply = ProviderResponse(200, {"Content-Type": "text/plain"}, "challenge")

    assert provider_response(reply) == {
        "statusCode": 200,
        "headers": {"Content-Type": "text/plain"},
        "body": "challenge",
    }


@pytest.mark.parametrize("state", [State.DELIVERED, State.BUFFERED])
def test_provider_specific_response_is_returned(state: State) -> None:
    """Adyen expects [accepted], and Zoom a 200 without a body."""
    reply = ProviderResponse(200, {}, "[accepted]")
    receipt = Receipt(state, "d-1", "events", "f-1", reply=reply)

    assert accepted(receipt) == {"statusCode": 200, "headers": {}, "body": "[accepted]"}
