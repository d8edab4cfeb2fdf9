"""What a sender is told, as responses of an API Gateway HTTP API."""

import json
from http import HTTPStatus
from typing import Any

from bridge.delivery.record import State
from bridge.receiving.receiver import Receipt
from bridge.verification.provider_response import ProviderResponse

# Longer than a claim is valid. The limits behind a 429 are counted over a minute, so that a sender
# that waits twice finds them lifted.
RETRY_AFTER_SECONDS = 30
_RETRYABLE = (HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.TOO_MANY_REQUESTS)


def accepted(receipt: Receipt) -> dict[str, Any]:
    """200 for what is done, 202 for what waits in the buffer, or what the sender wants to read."""
    if receipt.reply:
        return replied(receipt.reply)
    done = receipt.state in {State.DELIVERED, State.FILTERED}
    content = {"status": receipt.state, "delivery_id": receipt.delivery_id}
    if receipt.flow:
        content |= {"flow": receipt.flow, "flow_id": receipt.flow_id}
    if receipt.xaction_id:
        content["xactionId"] = receipt.xaction_id
    status = HTTPStatus.OK if done else HTTPStatus.ACCEPTED
    return _response(status, "application/json", content, {})


def replied(reply: ProviderResponse) -> dict[str, Any]:
    """The answer to a handshake."""
    return {"statusCode": reply.status, "headers": dict(reply.headers), "body": reply.body}


def problem(status: HTTPStatus) -> dict[str, Any]:
    """A problem (RFC 9457) that says no more than its status does."""
    content = {"type": "about:blank", "title": status.phrase, "status": status.value}
    retry = {}
    if status in _RETRYABLE:
        retry["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return _response(status, "application/problem+json", content, retry)


def _response(
    status: HTTPStatus, content_type: str, content: dict[str, Any], headers: dict[str, str]
) -> dict[str, Any]:
    return {
        "statusCode": status.value,
        "headers": {"Content-Type": content_type, **headers},
        "body": json.dumps(content),
    }
