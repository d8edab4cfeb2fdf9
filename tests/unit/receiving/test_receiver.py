"""Tests for `bridge.receiving.receiver`."""

from copy import replace

import pytest

from bridge.delivery.record import State
from bridge.errors import (
    BodyTooLargeError,
    InvalidSignatureError,
    UnavailableError,
    UnknownSourceError,
    UnsupportedBodyError,
)
from bridge.ports.adobe import InletResponse
from bridge.verification.handshakes import HandshakeResponse
from bridge.verification.provider_response import ProviderResponse
from tests.support import sample_webhooks as samples
from tests.support.fakes import (
    taken,
)
from tests.support.receiver_harness import harness


def test_verified_webhook_is_delivered_inline() -> None:
    """The response is 200 with the id of the inlet."""
    here = harness(None, taken("1:2:3"))

    receipt = here.receive(samples.webhook())

    assert receipt.state is State.DELIVERED
    assert (receipt.delivery_id, receipt.xaction_id) == ("d-1", "1:2:3")
    assert (receipt.flow, receipt.flow_id) == ("events", samples.FLOW_ID)
    [(url, headers, content)] = here.inlet.requests
    assert url == samples.INLET_URL
    assert headers["x-adobe-flow-id"] == samples.FLOW_ID
    assert headers["Authorization"] == "Bearer token-1"
    assert samples.BODY in content
    assert here.buffer.kept == []


def test_unauthenticated_connection_gets_no_token() -> None:
    open_inlet = samples.source(to=samples.connection(authenticated=False))
    here = harness(open_inlet, taken())

    here.receive(samples.webhook())

    assert "Authorization" not in here.inlet.requests[0][1]


def test_rejected_token_is_renewed_once() -> None:
    here = harness(None, InletResponse(401, {}, b"{}"), taken())

    receipt = here.receive(samples.webhook())

    assert receipt.state is State.DELIVERED
    tokens = [headers["Authorization"] for _, headers, _ in here.inlet.requests]
    assert tokens == ["Bearer token-1", "Bearer token-2"]


def test_token_rejected_twice_buffers_the_webhook() -> None:
    refusal = InletResponse(403, {}, b'{"title":"Authorization"}')
    here = harness(None, refusal, refusal)

    assert here.receive(samples.webhook()).state is State.BUFFERED
    assert len(here.inlet.requests) == 2


def test_empty_403_renews_no_token() -> None:
    """Adobe's IP allow-list rejects requests with an empty 403."""
    here = harness(None, InletResponse(403))

    assert here.receive(samples.webhook()).state is State.BUFFERED
    assert here.tokens.number == 1


def test_missing_token_buffers_the_webhook() -> None:
    """An outage of IMS does not affect the sender."""
    here = harness()
    here.tokens.down = True

    assert here.receive(samples.webhook()).state is State.BUFFERED


def test_pause_check_makes_no_additional_ssm_call() -> None:
    here = harness(None, taken())

    here.receiver.receive("github", samples.webhook())

    assert here.parameters.reads == 1


def test_forged_webhook_is_neither_sent_nor_recorded() -> None:
    here = harness()
    forged = samples.webhook(headers=samples.github_headers(b"another body"))

    with pytest.raises(InvalidSignatureError):
        here.receive(forged)

    assert here.inlet.requests == []
    assert here.deliveries.records == {}


def test_unknown_source_is_rejected() -> None:
    """404."""
    with pytest.raises(UnknownSourceError):
        harness().receiver.receive("gitlab", samples.webhook())


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"1", b"{", b"a=b", b'{"a":NaN}', b"[" * 100_000, b"\xff"],
)
def test_signed_body_that_is_not_a_json_object_is_rejected(body: bytes) -> None:
    here = harness()

    with pytest.raises((UnsupportedBodyError, InvalidSignatureError)):
        here.receive(samples.webhook(body))

    assert here.deliveries.records == {}


def test_body_over_the_limit_of_the_inlet_is_rejected() -> None:
    """413 rather than a dead letter."""
    body = b'{"a":"' + b"x" * 1_000_000 + b'"}'

    with pytest.raises(BodyTooLargeError):
        harness().receive(samples.webhook(body))


def test_missing_secret_is_unavailable() -> None:
    """503, not 401: the sender must try again."""
    here = harness()
    del here.parameters.values[samples.SECRET_NAME]

    with pytest.raises(UnavailableError, match="no secret at"):
        here.receive(samples.webhook())


@pytest.mark.parametrize(("timeout", "left"), [(None, 2.5), (1, 0.5), (30, 5)])
def test_deadline_follows_the_timeout_of_the_provider(timeout: float | None, left: float) -> None:
    here = harness(replace(samples.source(), timeout_seconds=timeout), taken())
    here.deadline.start(2.5)

    here.receive(samples.webhook())

    assert here.deadline.remaining() == left


def test_receipt_has_the_response_of_the_provider() -> None:
    wants = replace(samples.source(), acknowledgement=HandshakeResponse(body="[accepted]"))
    for answer in (taken(), InletResponse(503)):
        receipt = harness(wants, answer).receive(samples.webhook())

        assert receipt.reply == ProviderResponse(200, {}, "[accepted]")


def test_handshake_is_neither_sent_nor_recorded() -> None:
    here = harness()
    headers = {**samples.github_headers(), "x-github-event": "ping"}

    assert here.receiver.receive("github", samples.webhook(headers=headers)) == ProviderResponse(
        200, {}, ""
    )
    assert here.inlet.requests == []
    assert here.buffer.kept == []
    assert here.deliveries.records == {}
