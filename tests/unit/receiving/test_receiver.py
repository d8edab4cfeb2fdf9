"""The receiver's promises."""

import json
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from bridge.deadline import Deadline
from bridge.delivery.counts import Count
from bridge.delivery.delivery import Delivery
from bridge.delivery.record import State
from bridge.errors import (
    BodyTooLargeError,
    InvalidSignatureError,
    UnavailableError,
    UnknownSourceError,
    UnsupportedBodyError,
)
from bridge.inlet.client import InletSender
from bridge.inlet.requests import InletRequests
from bridge.ports.adobe import InletResponse
from bridge.receiving.gate import Gate
from bridge.receiving.intake import Intake
from bridge.receiving.receiver import Receipt, Receiver
from bridge.sources.directory import SourceDirectory
from bridge.sources.route import Route, RouteTarget
from bridge.sources.source import Source
from bridge.verification.handshakes import HandshakeResponse
from bridge.verification.provider_response import ProviderResponse
from bridge.webhook import Webhook
from tests.support import sample_webhooks as samples
from tests.support.fakes import (
    NOON,
    FakeBuffer,
    FakeClock,
    FakeCounts,
    FakeDeliveries,
    FakeInlet,
    FakeParameters,
    FakeProviderSites,
    FakeTokens,
    taken,
)
from tests.support.receiver_fakes import RECORDS


@dataclass
class Harness:
    """A receiver and everything around it."""

    clock: FakeClock
    parameters: FakeParameters
    tokens: FakeTokens
    inlet: FakeInlet
    buffer: FakeBuffer
    deliveries: FakeDeliveries
    counts: FakeCounts
    deadline: Deadline
    receiver: Receiver

    def receive(self, webhook: Webhook) -> Receipt:
        """What GitHub is told of a webhook."""
        receipt = self.receiver.receive("github", webhook)
        assert isinstance(receipt, Receipt)
        return receipt


def harness(configured: Source | None = None, *answers: InletResponse) -> Harness:
    """A receiver of one source, and an inlet that gives these answers."""
    clock = FakeClock()
    parameters = FakeParameters(
        {
            samples.DOCUMENT_NAME: (configured or samples.source()).to_document(),
            samples.SECRET_NAME: samples.SECRET,
        }
    )
    tokens, inlet = FakeTokens(), FakeInlet(list(answers))
    buffer, deliveries, counts = FakeBuffer(), FakeDeliveries(clock), FakeCounts()
    deadline = Deadline(lambda: 0.0)
    receiver = Receiver(
        gate=Gate(
            SourceDirectory(parameters, "test", clock), FakeProviderSites, parameters, RECORDS
        ),
        intake=Intake(
            InletSender(InletRequests(inlet, tokens, counts), clock, counts),
            buffer,
            deliveries,
            counts,
            clock,
        ),
        clock=clock,
        deadline=deadline,
    )
    return Harness(clock, parameters, tokens, inlet, buffer, deliveries, counts, deadline, receiver)


def earlier(seconds: float = 1) -> Delivery:
    """The delivery of the sample, as it was received a little before."""
    at = NOON - timedelta(seconds=seconds)
    return Delivery("github", "d-1", "id:d-1", "issues", "events", at, at, samples.BODY)


def test_a_verified_webhook_is_in_the_inlet_when_it_is_acknowledged() -> None:
    """The way of most webhooks: 200 with the inlet's own id."""
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


def test_an_open_inlet_gets_no_token() -> None:
    """A token is sent only where the connection asks for one."""
    open_inlet = samples.source(to=samples.connection(authenticated=False))
    here = harness(open_inlet, taken())

    here.receive(samples.webhook())

    assert "Authorization" not in here.inlet.requests[0][1]


@pytest.mark.parametrize("status", [400, 404, 408, 413, 415, 429, 500, 501, 502, 503, 504, None])
def test_what_the_inlet_does_not_take_now_is_buffered_before_it_is_acknowledged(
    status: int | None,
) -> None:
    """Nothing but the inlet's 200 counts as delivered."""
    here = harness(None, InletResponse(status, {}, b"{}"))

    receipt = here.receive(samples.webhook())

    assert receipt.state is State.BUFFERED
    [(delivery, delay)] = here.buffer.kept
    assert (delivery.source, delivery.delivery_id) == ("github", "d-1")
    assert (delivery.event_type, delivery.flow) == ("issues", "events")
    assert (delivery.body, delay) == (samples.BODY, timedelta(0))


def test_a_200_that_names_no_xaction_id_is_not_believed() -> None:
    """A proxy's page is no receipt."""
    here = harness(None, InletResponse(200, {}, b"<html>"))

    assert here.receive(samples.webhook()).state is State.BUFFERED


def test_a_refused_token_is_renewed_once_and_the_message_sent_again() -> None:
    """An expired token loses no message."""
    here = harness(None, InletResponse(401, {}, b"{}"), taken())

    receipt = here.receive(samples.webhook())

    assert receipt.state is State.DELIVERED
    tokens = [headers["Authorization"] for _, headers, _ in here.inlet.requests]
    assert tokens == ["Bearer token-1", "Bearer token-2"]


def test_a_token_that_is_refused_twice_buffers_the_webhook() -> None:
    """One renewal, no loop."""
    refusal = InletResponse(403, {}, b'{"title":"Authorization"}')
    here = harness(None, refusal, refusal)

    assert here.receive(samples.webhook()).state is State.BUFFERED
    assert len(here.inlet.requests) == 2


def test_an_empty_403_renews_no_token() -> None:
    """It is Adobe's IP allow-list."""
    here = harness(None, InletResponse(403))

    assert here.receive(samples.webhook()).state is State.BUFFERED
    assert here.tokens.number == 1


def test_without_a_token_the_webhook_is_buffered() -> None:
    """An outage of IMS is not the sender's."""
    here = harness()
    here.tokens.down = True

    assert here.receive(samples.webhook()).state is State.BUFFERED


def test_before_the_flow_has_settled_nothing_goes_to_the_inlet() -> None:
    """The inlet would accept and lose it."""
    here = harness(samples.source(through=samples.flow(ready_at=NOON + timedelta(seconds=90))))

    assert here.receive(samples.webhook()).state is State.BUFFERED
    assert here.buffer.kept[0][1] == timedelta(seconds=90)
    assert here.inlet.requests == []


def test_a_queued_source_buffers_at_once() -> None:
    """`Delivery: queued` never lets the sender wait for the inlet."""
    here = harness(samples.source(delivery="queued"))

    assert here.receive(samples.webhook()).state is State.BUFFERED
    assert here.inlet.requests == []


def test_a_buffer_that_fails_is_no_acknowledgement_and_frees_the_delivery() -> None:
    """The sender's next try starts afresh."""
    here = harness(None, InletResponse(503), taken())
    here.buffer.down = True

    with pytest.raises(UnavailableError):
        here.receive(samples.webhook())

    assert here.deliveries.state("github", "id:d-1") is State.NEW
    assert here.receive(samples.webhook()).state is State.DELIVERED


def test_a_repeated_webhook_gets_the_first_receipt_and_is_not_sent_again() -> None:
    """Once only."""
    here = harness(None, taken("first"))
    here.receive(samples.webhook())

    receipt = here.receive(samples.webhook())

    assert (receipt.state, receipt.xaction_id) == (State.DELIVERED, "first")
    assert len(here.inlet.requests) == 1


@pytest.mark.parametrize("what", ["sources/github", "connections/webhooks"])
def test_webhooks_of_a_paused_source_wait(what: str) -> None:
    """Nothing goes to the inlet, everything is acknowledged."""
    here = harness()
    here.parameters.values[f"/inlet-bridge/test/{what}/paused"] = NOON.isoformat()

    assert here.receive(samples.webhook()).state is State.BUFFERED
    assert here.buffer.kept[0][1] == timedelta(minutes=5)
    assert here.inlet.requests == []


def test_a_pause_costs_no_further_call_to_ssm() -> None:
    """The document with the source's pause, the secrets with the connection's."""
    here = harness(None, taken())

    here.receiver.receive("github", samples.webhook())

    assert here.parameters.reads == 2


def test_each_webhook_is_counted_as_what_it_is() -> None:
    """Accepted at once, accepted for later, a repetition; a refusal is none of them."""
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
        ("github", Count.BUFFERED): 1,
        ("github", Count.DUPLICATE): 1,
    }


def test_a_claim_that_cannot_be_given_back_is_no_other_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Buffer and table fail together; the sender is told of the buffer, and the claim ends."""
    here = harness(None, InletResponse(503))
    here.buffer.down = True

    def fail(*_: object) -> None:
        raise UnavailableError("the table does not answer")

    monkeypatch.setattr(here.deliveries, "release", fail)

    with pytest.raises(UnavailableError, match="the buffer cannot be written"):
        here.receiver.receive("github", samples.webhook())


def test_a_repeated_webhook_that_waits_is_not_buffered_again() -> None:
    """Once only, in the buffer too."""
    here = harness(None, InletResponse(503))
    here.receive(samples.webhook())

    assert here.receive(samples.webhook()).state is State.BUFFERED
    assert len(here.buffer.kept) == 1


def test_a_webhook_in_flight_asks_its_twin_to_wait_until_the_claim_ends() -> None:
    """A crash in between frees the claim by itself."""
    here = harness(None, taken())
    here.deliveries.claim(earlier(), NOON + timedelta(seconds=20))

    with pytest.raises(UnavailableError):
        here.receive(samples.webhook())
    here.clock.advance(21)

    assert here.receive(samples.webhook()).state is State.DELIVERED


def test_a_table_that_fails_before_the_work_is_no_acknowledgement() -> None:
    """Without a claim nothing is sent."""
    here = harness()
    here.deliveries.down = True

    with pytest.raises(UnavailableError):
        here.receive(samples.webhook())

    assert here.inlet.requests == []


@pytest.mark.parametrize("answer", [taken(), InletResponse(503)])
def test_a_table_that_fails_after_the_work_breaks_no_promise(
    answer: InletResponse, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is in the inlet or the buffer is acknowledged."""
    here = harness(None, answer)

    def fail(*_: object) -> None:
        raise UnavailableError("pretended")

    monkeypatch.setattr(here.deliveries, "delivered", fail)
    monkeypatch.setattr(here.deliveries, "buffered", fail)

    assert here.receive(samples.webhook()).state in {
        State.DELIVERED,
        State.BUFFERED,
    }


def test_a_forged_webhook_touches_neither_inlet_nor_table() -> None:
    """Refused before anything is done for it."""
    here = harness()
    forged = samples.webhook(headers=samples.github_headers(b"another body"))

    with pytest.raises(InvalidSignatureError):
        here.receive(forged)

    assert here.inlet.requests == []
    assert here.deliveries.records == {}


def test_an_unknown_source_is_refused() -> None:
    """404."""
    with pytest.raises(UnknownSourceError):
        harness().receiver.receive("gitlab", samples.webhook())


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"1", b"{", b"a=b", b'{"a":NaN}', b"\xff\xfe{\x00}\x00", b"[" * 100_000, b"\xff"],
)
def test_a_signed_body_that_is_no_json_object_is_refused(body: bytes) -> None:
    """It could never become a message, so it is never acknowledged."""
    here = harness()

    with pytest.raises((UnsupportedBodyError, InvalidSignatureError)):
        here.receive(samples.webhook(body))

    assert here.deliveries.records == {}


def test_a_body_over_the_inlets_bound_is_refused() -> None:
    """413 rather than a dead letter."""
    body = b'{"a":"' + b"x" * 1_000_000 + b'"}'

    with pytest.raises(BodyTooLargeError):
        harness().receive(samples.webhook(body))


def test_secrets_that_cannot_be_read_are_our_fault() -> None:
    """503, not 401: the sender must try again."""
    here = harness()
    del here.parameters.values[samples.SECRET_NAME]

    with pytest.raises(UnavailableError, match="no secret at"):
        here.receive(samples.webhook())


@pytest.mark.parametrize(("timeout", "left"), [(None, 2.5), (1, 0.5), (30, 5)])
def test_the_inlet_is_tried_for_as_long_as_the_sender_waits(
    timeout: float | None, left: float
) -> None:
    """Sentry waits one second, others much longer."""
    here = harness(replace(samples.source(), timeout_seconds=timeout), taken())
    here.deadline.start(2.5)

    here.receive(samples.webhook())

    assert here.deadline.remaining() == left


def test_the_senders_time_travels_with_the_delivery() -> None:
    """For whoever maps it."""
    signed_at = replace(samples.source(), sent_at=("header:x-sent-at",))
    here = harness(signed_at, InletResponse(503))
    headers = {**samples.github_headers(), "x-sent-at": "2026-11-01T11:59:58Z"}

    here.receive(samples.webhook(headers=headers))

    assert here.buffer.kept[0][0].sent_at == NOON - timedelta(seconds=2)


def test_a_sender_that_wants_to_read_something_else_does() -> None:
    """In the place of the receipt, whatever became of the webhook."""
    wants = replace(samples.source(), acknowledgement=HandshakeResponse(body="[accepted]"))
    for answer in (taken(), InletResponse(503)):
        receipt = harness(wants, answer).receive(samples.webhook())

        assert receipt.reply == ProviderResponse(200, {}, "[accepted]")


def test_a_handshake_is_answered_and_leaves_no_trace() -> None:
    """It is no webhook: neither inlet nor buffer nor table sees it."""
    here = harness()
    headers = {**samples.github_headers(), "x-github-event": "ping"}

    assert here.receiver.receive("github", samples.webhook(headers=headers)) == ProviderResponse(
        200, {}, ""
    )
    assert here.inlet.requests == []
    assert here.buffer.kept == []
    assert here.deliveries.records == {}


MAPPED = Route((RouteTarget("events", '{"n": "number(body.number)"}'),), when="body.number")


def test_a_webhook_is_mapped_on_its_way() -> None:
    """The inlet gets the entity, and nothing else of the body."""
    here = harness(replace(samples.source(), routes=(MAPPED,)), taken())

    assert here.receive(samples.webhook()).state is State.DELIVERED
    [(_, _, content)] = here.inlet.requests
    assert json.loads(content)["body"]["xdmEntity"] == {"n": 1}


def test_what_no_route_wants_is_answered_and_counted_once() -> None:
    """The sender is done with it; its repetition is a duplicate."""
    here = harness(replace(samples.source(), routes=(MAPPED,), otherwise="drop"))
    unwanted = samples.webhook(b'{"a":1}')

    assert here.receive(unwanted) == Receipt(State.FILTERED, "d-1")
    assert here.receive(unwanted).state is State.FILTERED
    assert here.deliveries.state("github", "id:d-1") is State.FILTERED
    assert here.counts.counted == {
        ("github", Count.ACCEPTED): 1,
        ("github", Count.FILTERED): 1,
        ("github", Count.DUPLICATE): 1,
    }


def test_what_does_not_fit_its_map_is_kept_for_the_dead_letters() -> None:
    """It is no fault of the sender, who is told so."""
    wrong = Route((RouteTarget("events", '{"n": "date(body.title)"}'),))
    here = harness(replace(samples.source(), routes=(wrong,)))

    assert here.receive(samples.webhook()).state is State.BUFFERED
    [(kept, _)] = here.buffer.kept
    assert (kept.flow, kept.body) == ("events", samples.BODY)
    assert here.inlet.requests == []


def test_what_no_route_takes_is_kept_without_a_flow() -> None:
    """The forwarder buries it with its reason."""
    here = harness(replace(samples.source(), routes=(MAPPED,)))

    assert here.receive(samples.webhook(b'{"a":1}')) == Receipt(State.BUFFERED, "d-1")
    assert [kept.flow for kept, _ in here.buffer.kept] == [""]


def several() -> Source:
    """Issues go to two flows."""
    targets = (
        RouteTarget("events", '{"n": "body.number"}'),
        RouteTarget("people", '{"t": "body.title"}'),
    )
    flows = {"events": samples.flow(), "people": samples.flow()}
    return replace(samples.source(), routes=(Route(targets),), flows=flows)


def test_a_webhook_for_several_flows_waits_as_several_deliveries() -> None:
    """Each is counted, and the webhook is remembered as a whole."""
    here = harness(several())

    assert here.receive(samples.webhook()) == Receipt(State.SPLIT, "d-1")
    assert [(kept.delivery_id, kept.flow) for kept, _ in here.buffer.kept] == [
        ("d-1/events", "events"),
        ("d-1/people", "people"),
    ]
    assert here.deliveries.state("github", "id:d-1") is State.SPLIT
    assert here.counts.total(Count.ACCEPTED) == here.counts.total(Count.BUFFERED) == 2
    assert here.receive(samples.webhook()).state is State.SPLIT
    assert len(here.buffer.kept) == 2


def test_a_webhook_that_cannot_be_split_into_the_buffer_may_come_again() -> None:
    """The claim is given back."""
    here = harness(several())
    here.buffer.down = True

    with pytest.raises(UnavailableError):
        here.receive(samples.webhook())
    here.buffer.down = False
    assert here.receive(samples.webhook()).state is State.SPLIT


def test_a_message_that_outgrows_the_inlet_by_its_map_is_kept_for_the_dead_letters() -> None:
    """The body itself was small enough."""
    fat = Route(
        (RouteTarget("events", '{"a": "body.title", "b": "body.title", "c": "body.title"}'),)
    )
    here = harness(replace(samples.source(), routes=(fat,)))
    body = json.dumps({"title": "x" * 400_000}).encode()

    assert here.receive(samples.webhook(body)).state is State.BUFFERED
    assert here.inlet.requests == []
