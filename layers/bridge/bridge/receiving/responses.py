"""HTTP responses to senders, in the format of an API Gateway HTTP API."""

import json
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from bridge.delivery.record import State
from bridge.receiving.receiver import Receipt
from bridge.verification.provider_response import ProviderResponse

if TYPE_CHECKING:
    from bridge.verification.refusal import Refusal

# Longer than the lifetime of a claim. The limits behind a 429 are counted per minute, so the second
# retry is no longer throttled.
RETRY_AFTER_SECONDS = 30
_RETRYABLE = (HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.TOO_MANY_REQUESTS)


def accepted(receipt: Receipt) -> dict[str, Any]:
    """Acknowledge a webhook: 200 if it is done, 202 if it is buffered, or the source's response."""
    if receipt.reply:
        return provider_response(receipt.reply)
    done = receipt.state in {State.DELIVERED, State.FILTERED, State.ERASED}
    content = {"status": receipt.state, "delivery_id": receipt.delivery_id}
    if receipt.flow:
        content |= {"flow": receipt.flow, "flow_id": receipt.flow_id}
    if receipt.xaction_id:
        content["xactionId"] = receipt.xaction_id
    status = HTTPStatus.OK if done else HTTPStatus.ACCEPTED
    return _response(status, "application/json", content, {})


def provider_response(reply: ProviderResponse) -> dict[str, Any]:
    """Return a provider-specific response, such as the one to a handshake."""
    return {"statusCode": reply.status, "headers": dict(reply.headers), "body": reply.body}


def problem(status: HTTPStatus, form: "Refusal | None" = None) -> dict[str, Any]:
    """Return problem details (RFC 9457) that disclose no more than the status.

    Args:
        status: of the response.
        form: that the source's provider demands instead. The response for an unknown source, 404,
            never has it: it must not reveal that the source exists.
    """
    retry = {}
    if status in _RETRYABLE:
        retry["Retry-After"] = str(RETRY_AFTER_SECONDS)
    if form and status != HTTPStatus.NOT_FOUND:
        content_type = {"Content-Type": form.content_type} if form.content_type else {}
        code = form.status if status == HTTPStatus.UNAUTHORIZED else status.value
        return {"statusCode": code, "headers": content_type | retry, "body": form.body}
    content = {"type": "about:blank", "title": status.phrase, "status": status.value}
    return _response(status, "application/problem+json", content, retry)


def _response(
    status: HTTPStatus, content_type: str, content: dict[str, Any], headers: dict[str, str]
) -> dict[str, Any]:
    return {
        "statusCode": status.value,
        "headers": {"Content-Type": content_type, **headers},
        "body": json.dumps(content),
    }
