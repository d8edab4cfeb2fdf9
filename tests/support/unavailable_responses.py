"""The response of a receiver that cannot accept a webhook now."""

from tests.support.sender_response import Response


def unavailable(answer: Response) -> bool:
    """Whether the response makes every sender retry, and contains no more than that."""
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert int(answer.headers["Retry-After"]) > 20  # The lifetime of a claim.
    assert answer.document == {
        "type": "about:blank",
        "title": "Service Unavailable",
        "status": 503,
    }
    return bool(answer.status == 503)
