"""Tests for `bridge.receiving.intake`, through the receiver."""

from copy import replace
from datetime import timedelta

import pytest

from bridge.delivery.counts import Count
from bridge.delivery.delivery import Delivery
from bridge.delivery.record import State
from bridge.errors import (
    InvalidSignatureError,
    UnavailableError,
)
from bridge.ports.adobe import InletResponse
from bridge.sources.configured import RESUMED
from tests.support import sample_webhooks as samples
from tests.support.fakes import (
    NOON,
    taken,
)
from tests.support.receiver_harness import harness


def earlier(seconds: float = 1) -> Delivery:
    """Return the delivery of the sample, as it was received shortly before."""
    at = NOON - timedelta(seconds=seconds)
    return Delivery("github", "d-1", "id:d-1", "issues", "events", at, at, samples.BODY)


@pytest.mark.parametrize("status", [400, 404, 408, 413, 415, 429, 500, 501, 502, 503, 504, None])
def test_undelivered_webhook_is_buffered(
    status: int | None,
) -> None:
    """Only a 200 of the inlet counts as delivered."""
    here = harness(None, InletResponse(status, {}, b"{}"))

    receipt = here.receive(samples.webhook())

    assert receipt.state is State.BUFFERED
    [(delivery, delay)] = here.buffer.kept
    assert (delivery.source, delivery.delivery_id) == ("github", "d-1")
    assert (delivery.event_type, delivery.flow) == ("issues", "events")
    assert (delivery.body, delay) == (samples.BODY, timedelta(0))


def test_200_without_xaction_id_is_buffered() -> None:
    here = harness(None, InletResponse(200, {}, b"<html>"))

    assert here.receive(samples.webhook()).state is State.BUFFERED


def test_flow_that_is_not_ready_buffers_until_it_is() -> None:
    here = harness(samples.source(through=samples.flow(ready_at=NOON + timedelta(seconds=90))))

    assert here.receive(samples.webhook()).state is State.BUFFERED
    assert here.buffer.kept[0][1] == timedelta(seconds=90)
    assert here.inlet.requests == []


def test_queued_source_sends_nothing_inline() -> None:
    """`Delivery: queued` never lets the sender wait for the inlet."""
    here = harness(samples.source(delivery="queued"))

    assert here.receive(samples.webhook()).state is State.BUFFERED
    assert here.inlet.requests == []


def test_failing_buffer_releases_the_claim() -> None:
    here = harness(None, InletResponse(503), taken())
    here.buffer.down = True

    with pytest.raises(UnavailableError):
        here.receive(samples.webhook())

    assert here.deliveries.state("github", "id:d-1") is State.NEW
    assert here.receive(samples.webhook()).state is State.DELIVERED


def test_duplicate_returns_the_first_result() -> None:
    here = harness(None, taken("first"))
    here.receive(samples.webhook())

    receipt = here.receive(samples.webhook())

    assert (receipt.state, receipt.xaction_id) == (State.DELIVERED, "first")
    assert len(here.inlet.requests) == 1


@pytest.mark.parametrize("what", ["sources/github", "connections/webhooks"])
def test_paused_source_or_connection_buffers(what: str) -> None:
    here = harness()
    here.parameters.values[f"/inlet-bridge/test/{what}/paused"] = NOON.isoformat()

    assert here.receive(samples.webhook()).state is State.BUFFERED
    assert here.buffer.kept[0][1] == timedelta(minutes=5)
    assert here.inlet.requests == []


@pytest.mark.parametrize("what", ["sources/github", "connections/webhooks"])
def test_resumed_source_or_connection_delivers(what: str) -> None:
    here = harness(None, taken())
    here.parameters.values[f"/inlet-bridge/test/{what}/paused"] = RESUMED

    assert here.receive(samples.webhook()).state is State.DELIVERED


def test_retry_after_of_the_inline_attempt_delays_the_first_attempt_of_the_forwarder() -> None:
    here = harness(None, InletResponse(429, {"retry-after": "40"}))

    assert here.receive(samples.webhook()).state is State.BUFFERED
    [(delivery, delay)] = here.buffer.kept
    assert delay == timedelta(seconds=40)
    assert delivery.not_before == here.clock() + timedelta(seconds=40)


def test_failed_inline_attempt_without_retry_after_is_repeated_at_once() -> None:
    here = harness(None, InletResponse(503))

    here.receive(samples.webhook())
    [(delivery, delay)] = here.buffer.kept
    assert (delivery.not_before, delay) == (None, timedelta(0))


def test_metrics_count_accepted_delivered_buffered_and_duplicate() -> None:
    here = harness(None, taken(), InletResponse(503))
    here.receiver.receive("github", samples.webhook())
    here.receiver.receive("github", samples.webhook())
    other = samples.github_headers(samples.BODY, "d-2")
    here.receiver.receive("github", samples.webhook(headers=other))
    with pytest.raises(InvalidSignatureError):
        here.receiver.receive("github", samples.webhook(headers={}))

    assert here.counts.counted == {
        ("github", Count.ACCEPTED): 2,
        ("github", Count.DELIVERED): 1,
        ("github", Count.DUPLICATE): 1,
    }


def test_failing_release_raises_the_error_of_the_buffer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    here = harness(None, InletResponse(503))
    here.buffer.down = True

    def fail(*_: object) -> None:
        raise UnavailableError("the table does not answer")

    monkeypatch.setattr(here.deliveries, "release", fail)

    with pytest.raises(UnavailableError, match="the buffer cannot be written"):
        here.receiver.receive("github", samples.webhook())


def test_duplicate_of_a_buffered_webhook_is_not_buffered_again() -> None:
    here = harness(None, InletResponse(503))
    here.receive(samples.webhook())

    assert here.receive(samples.webhook()).state is State.BUFFERED
    assert len(here.buffer.kept) == 1


def test_claimed_delivery_is_unavailable_until_the_claim_expires() -> None:
    here = harness(None, taken())
    here.deliveries.claim(earlier(), NOON + timedelta(seconds=20))

    with pytest.raises(UnavailableError):
        here.receive(samples.webhook())
    here.clock.advance(21)

    assert here.receive(samples.webhook()).state is State.DELIVERED


def test_failing_claim_sends_nothing() -> None:
    here = harness()
    here.deliveries.down = True

    with pytest.raises(UnavailableError):
        here.receive(samples.webhook())

    assert here.inlet.requests == []


@pytest.mark.parametrize("answer", [taken(), InletResponse(503)])
def test_failing_record_does_not_fail_the_webhook(
    answer: InletResponse, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = harness(None, answer)

    def fail(*_: object) -> None:
        raise UnavailableError("pretended")

    monkeypatch.setattr(here.deliveries, "delivered", fail)
    monkeypatch.setattr(here.deliveries, "buffered", fail)

    assert here.receive(samples.webhook()).state in {
        State.DELIVERED,
        State.BUFFERED,
    }


def test_sender_timestamp_is_kept_in_the_delivery() -> None:
    signed_at = replace(samples.source(), sent_at=("header:x-sent-at",))
    here = harness(signed_at, InletResponse(503))
    headers = {**samples.github_headers(), "x-sent-at": "2026-11-01T11:59:58Z"}

    here.receive(samples.webhook(headers=headers))

    assert here.buffer.kept[0][0].sent_at == NOON - timedelta(seconds=2)
