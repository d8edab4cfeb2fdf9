"""The forwarder's promises."""

import json
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import count
from typing import Any

import pytest

from bridge.delivery.counts import Count
from bridge.delivery.delivery import PAUSED_DELAY, Delivery
from bridge.delivery.outcomes import DeadClass
from bridge.delivery.queued_message import PostponedMessage, QueuedMessage
from bridge.delivery.record import State
from bridge.errors import UnavailableError
from bridge.forwarding.forwarder import Forwarder
from bridge.forwarding.resolution import Resolver
from bridge.forwarding.retry_policy import RetryPolicy
from bridge.forwarding.settlement import Settler
from bridge.inlet.client import InletSender
from bridge.inlet.requests import InletRequests
from bridge.ports.adobe import InletResponse
from bridge.sources.directory import SourceDirectory
from bridge.sources.route import Route, RouteTarget
from bridge.sources.source import Source
from tests.support import sample_webhooks as samples
from tests.support.fakes import (
    NOON,
    FakeBuffer,
    FakeClock,
    FakeCounts,
    FakeDeadLetters,
    FakeDeliveries,
    FakeInlet,
    FakeParameters,
    FakeTokens,
    items,
    taken,
)

JITTER = 0.5


@dataclass
class Harness:
    """A forwarder and everything around it."""

    clock: FakeClock
    parameters: FakeParameters
    tokens: FakeTokens
    inlet: FakeInlet
    buffer: FakeBuffer
    dead_letters: FakeDeadLetters
    deliveries: FakeDeliveries
    counts: FakeCounts
    forwarder: Forwarder


def harness(configured: Source | None = None, *answers: InletResponse) -> Harness:
    """A forwarder of one source, and an inlet that gives these answers."""
    clock = FakeClock()
    parameters = FakeParameters(
        {
            samples.DOCUMENT_NAME: (configured or samples.source()).to_document(),
            samples.SECRET_NAME: samples.SECRET,
        }
    )
    tokens, inlet = FakeTokens(), FakeInlet(list(answers))
    buffer, dead_letters = FakeBuffer(), FakeDeadLetters()
    deliveries, counts = FakeDeliveries(clock), FakeCounts()
    forwarder = Forwarder(
        resolver=Resolver(SourceDirectory(parameters, "test", clock), clock),
        sender=InletSender(InletRequests(inlet, tokens, counts), clock, counts),
        deliveries=deliveries,
        settler=Settler(
            buffer=buffer,
            dead_letters=dead_letters,
            deliveries=deliveries,
            counts=counts,
            policy=RetryPolicy(timedelta(hours=72)),
            clock=clock,
            jitter=lambda: JITTER,
        ),
        clock=clock,
    )
    return Harness(
        clock, parameters, tokens, inlet, buffer, dead_letters, deliveries, counts, forwarder
    )


def waiting(number: int = 0, *, attempt: int = 1, body: bytes = samples.BODY) -> QueuedMessage:
    """A message of the buffer."""
    delivery = Delivery(
        "github", f"d-{number}", f"id:d-{number}", "issues", "events", NOON, NOON, body
    )
    return QueuedMessage(f"m-{number}", f"r-{number}", delivery.encode(), attempt, NOON)


def left(postponed: list[PostponedMessage]) -> list[str]:
    """The ids of the messages that stay in the buffer."""
    return [message.message.message_id for message in postponed]


def test_what_waits_for_one_flow_goes_in_one_batch() -> None:
    """One request, every message in it."""
    here = harness(None, items({"xactionId": "x:0"}, {"xactionId": "x:1"}))

    assert here.forwarder.forward([waiting(0), waiting(1, body=b'{"b":2}')]) == []
    [(url, headers, content)] = here.inlet.requests
    assert url == samples.INLET_URL.replace("/collection/", "/collection/batch/")
    assert headers["x-adobe-flow-id"] == samples.FLOW_ID
    entities = [message["body"]["xdmEntity"] for message in json.loads(content)["messages"]]
    assert entities == [json.loads(samples.BODY), {"b": 2}]
    assert here.deliveries.state("github", "id:d-0") is State.DELIVERED
    assert here.deliveries.state("github", "id:d-1") is State.DELIVERED


def test_each_message_of_a_207_ends_on_its_own() -> None:
    """Delivered, dead and put off side by side."""
    here = harness(
        None,
        items({"xactionId": "x:0"}, {"status": 400, "message": "no"}, {"statusCode": 503}),
    )

    assert left(here.forwarder.forward([waiting(0), waiting(1), waiting(2)])) == ["m-2"]
    assert here.deliveries.state("github", "id:d-0") is State.DELIVERED
    assert here.deliveries.state("github", "id:d-1") is State.DEAD
    [(letter, info)] = here.dead_letters.kept
    assert Delivery.decode(letter).delivery_id == "d-1"
    assert (info.kind, info.reason) == (DeadClass.INVALID, "the inlet returned 400")
    assert (info.attempts, info.died_at, info.received_at) == (1, NOON, NOON)


def test_a_message_that_the_answer_does_not_tell_of_is_sent_again_alone() -> None:
    """Fewer answers than messages are no success."""
    here = harness(None, items({"xactionId": "x:0"}), taken("alone-0"), taken("alone-1"))

    assert here.forwarder.forward([waiting(0), waiting(1)]) == []
    urls = [url for url, _, _ in here.inlet.requests]
    assert urls[1:] == [samples.INLET_URL, samples.INLET_URL]


def test_a_poison_message_harms_no_neighbour() -> None:
    """A batch that is refused as a whole is sent in halves, down to the one at fault."""
    here = harness(
        None,
        InletResponse(400),  # All three.
        items({"xactionId": "x:0"}),
        InletResponse(400),  # The second half.
        InletResponse(400),
        items({"xactionId": "x:2"}),
        InletResponse(400),  # The one at fault, alone.
    )

    assert here.forwarder.forward([waiting(0), waiting(1), waiting(2)]) == []
    states = [here.deliveries.state("github", f"id:d-{number}") for number in range(3)]
    assert states == [State.DELIVERED, State.DEAD, State.DELIVERED]


def test_a_message_that_makes_the_inlet_fail_is_put_off_alone() -> None:
    """A 500 may be one message's schema; the others are delivered at once."""
    here = harness(None, InletResponse(500), items({"xactionId": "x:0"}), InletResponse(500))

    assert left(here.forwarder.forward([waiting(0), waiting(1)])) == ["m-1"]
    assert here.deliveries.state("github", "id:d-0") is State.DELIVERED


def test_an_inlet_that_fails_for_both_halves_is_left_alone() -> None:
    """An outage is not answered with a request per message."""
    here = harness(None, InletResponse(500), InletResponse(500), InletResponse(500))

    messages = [waiting(number) for number in range(8)]

    assert len(left(here.forwarder.forward(messages))) == 8
    assert len(here.inlet.requests) == 3


def test_an_outage_puts_everything_off_and_longer_each_time() -> None:
    """Full jitter: half of 4 s after the first attempt, half of 16 s after the third."""
    here = harness(None, InletResponse(503))

    postponed = here.forwarder.forward([waiting(0, attempt=1), waiting(1, attempt=3)])

    assert [message.wait for message in postponed] == [timedelta(seconds=2), timedelta(seconds=8)]
    assert here.dead_letters.kept == []


def test_retry_after_is_honoured() -> None:
    """The inlet knows better than our back-off."""
    here = harness(None, InletResponse(429, {"retry-after": "120"}))

    [message] = here.forwarder.forward([waiting()])

    assert message.wait == timedelta(seconds=120)


def test_a_message_near_the_bound_goes_alone() -> None:
    """It does not fit a batch, and the inlet takes it by itself."""
    body = b'{"a":"' + b"x" * 950_000 + b'"}'
    here = harness(None, taken())

    assert here.forwarder.forward([waiting(body=body)]) == []
    assert here.inlet.requests[0][0] == samples.INLET_URL


def test_raw_messages_get_a_header_in_a_batch_and_none_alone() -> None:
    """Bare JSON in a batch is refused: the 'header' field is mandatory."""
    raw = samples.source(to=samples.connection(data_type="raw"))
    here = harness(raw, InletResponse(400), taken())

    here.forwarder.forward([waiting()])

    batch, alone = (content for _, _, content in here.inlet.requests)
    [message] = json.loads(batch)["messages"]
    assert message["header"]["flowId"] == samples.FLOW_ID
    assert message["body"] == json.loads(samples.BODY)
    assert alone == samples.BODY


def test_what_has_not_settled_waits_until_it_has() -> None:
    """A flow that was replaced meanwhile gets nothing early."""
    ready_at = NOON + timedelta(seconds=77)
    here = harness(samples.source(through=samples.flow(ready_at)))

    [message] = here.forwarder.forward([waiting()])

    assert message.wait == timedelta(seconds=77)
    assert here.inlet.requests == []


def test_a_text_that_is_no_delivery_is_a_dead_letter_as_it_is() -> None:
    """A poisoned buffer does not stop the others."""
    here = harness(None, items({"xactionId": "x:0"}))
    alien = QueuedMessage("m-9", "r-9", "not a delivery", 1, NOON)

    assert here.forwarder.forward([alien, waiting()]) == []
    [(letter, info)] = here.dead_letters.kept
    assert letter == "not a delivery"
    assert info.kind is DeadClass.UNREADABLE


def test_a_text_that_is_no_delivery_stays_while_the_dead_letters_fail() -> None:
    """Nothing disappears between two queues."""
    here = harness()
    here.dead_letters.down = True

    assert left(here.forwarder.forward([QueuedMessage("m-9", "r-9", "x", 1, NOON)])) == ["m-9"]


def test_a_delivery_of_a_deleted_source_is_a_dead_letter() -> None:
    """Its flow is gone; people may redrive it."""
    here = harness()
    del here.parameters.values[samples.DOCUMENT_NAME]

    assert here.forwarder.forward([waiting()]) == []
    assert here.dead_letters.kept[0][1].kind is DeadClass.UNKNOWN_FLOW


def test_a_delivery_that_was_tried_for_days_is_a_dead_letter() -> None:
    """With the last reason, for whoever has to redrive it."""
    here = harness(None, InletResponse(503))
    here.clock.advance(3 * 86_400 + 1)

    assert here.forwarder.forward([waiting()]) == []
    [(_, info)] = here.dead_letters.kept
    assert info.kind is DeadClass.EXPIRED
    assert info.reason == "not delivered within 72 h; the inlet returned 503"


def test_an_outage_does_not_kill_what_was_never_tried() -> None:
    """However long it lay there, it gets its try."""
    here = harness(None, items({"xactionId": "x:0"}))
    here.clock.advance(10 * 86_400)

    assert here.forwarder.forward([waiting()]) == []
    assert here.deliveries.state("github", "id:d-0") is State.DELIVERED


@pytest.mark.parametrize("what", ["sources/github", "connections/webhooks"])
def test_nothing_of_a_paused_source_is_sent(what: str) -> None:
    """It comes back every few minutes and is tried when the pause is over."""
    here = harness(None, items({"xactionId": "x:0"}))
    here.parameters.values[f"/inlet-bridge/test/{what}/paused"] = NOON.isoformat()

    [message] = here.forwarder.forward([waiting()])
    del here.parameters.values[f"/inlet-bridge/test/{what}/paused"]
    here.clock.advance(PAUSED_DELAY.total_seconds())

    assert message.wait == PAUSED_DELAY
    assert here.inlet.requests == []
    assert here.forwarder.forward([waiting()]) == []


@pytest.mark.parametrize(("receives", "days"), [(900, 0), (1, 12)])
def test_a_message_that_the_queue_would_lose_is_put_there_anew(receives: int, days: int) -> None:
    """SQS keeps a message for 14 days and gives it up after 1,000 receives."""
    here = harness(samples.source(through=samples.flow(NOON + timedelta(days=20))))
    here.clock.advance(days * 86_400)

    assert here.forwarder.forward([waiting(attempt=receives)]) == []
    [(delivery, _)] = here.buffer.kept
    assert (delivery.delivery_id, delivery.attempts) == ("d-0", receives)
    assert here.deliveries.state("github", "id:d-0") is State.NEW


def test_a_message_that_cannot_be_renewed_stays() -> None:
    """The old copy is let go only when there is a new one."""
    here = harness(samples.source(through=samples.flow(NOON + timedelta(days=20))))
    here.buffer.down = True

    assert left(here.forwarder.forward([waiting(attempt=900)])) == ["m-0"]


def test_a_delivery_that_is_done_is_not_sent_again() -> None:
    """A copy that the queue kept, or the sender's retry that was faster."""
    here = harness()
    here.deliveries.delivered(Delivery.decode(waiting().text), samples.FLOW_ID, "x:0")

    assert here.forwarder.forward([waiting()]) == []
    assert here.inlet.requests == []
    assert here.counts.total(Count.DELIVERED) == 0


def test_two_copies_in_one_batch_are_sent_once() -> None:
    """The second waits until the first one's record tells."""
    here = harness(None, items({"xactionId": "x:0"}))
    copy = replace(waiting(), message_id="m-copy")

    assert left(here.forwarder.forward([waiting(), copy])) == ["m-copy"]
    assert here.forwarder.forward([copy]) == []
    assert len(here.inlet.requests) == 1


def test_a_delivery_in_a_receivers_hands_is_left_to_it() -> None:
    """The sender came again after a crash; its claim ends by itself."""
    here = harness(None, items({"xactionId": "x:0"}))
    again = replace(Delivery.decode(waiting().text), received_at=NOON + timedelta(seconds=1))
    here.deliveries.claim(again, NOON + timedelta(seconds=21))

    [message] = here.forwarder.forward([waiting()])
    here.clock.advance(22)

    assert message.wait == timedelta(seconds=21)
    assert here.forwarder.forward([waiting()]) == []


def test_a_delivery_that_was_buffered_just_now_is_sent() -> None:
    """Its own claim does not hold it up, recorded as buffered or not yet."""
    here = harness(None, items({"xactionId": "x:0"}))
    here.deliveries.claim(Delivery.decode(waiting().text), NOON + timedelta(seconds=20))

    assert here.forwarder.forward([waiting()]) == []


def test_parameters_that_cannot_be_read_put_off() -> None:
    """An outage of SSM loses nothing."""
    here = harness()
    here.parameters.down = True

    assert left(here.forwarder.forward([waiting()])) == ["m-0"]


def test_a_dead_letter_that_cannot_be_kept_stays_in_the_buffer() -> None:
    """Nothing disappears between two queues."""
    here = harness(None, items({"status": 400}))
    here.dead_letters.down = True

    assert left(here.forwarder.forward([waiting()])) == ["m-0"]


def test_a_delivered_message_that_cannot_be_recorded_is_not_sent_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The inlet has it."""
    here = harness(None, items({"xactionId": "x:0"}))

    def fail(*_: object) -> None:
        raise UnavailableError("pretended")

    monkeypatch.setattr(here.deliveries, "delivered", fail)

    assert here.forwarder.forward([waiting()]) == []


def test_while_the_table_does_not_answer_nothing_is_sent() -> None:
    """Nobody could tell what is done already."""
    here = harness()
    here.deliveries.down = True

    assert left(here.forwarder.forward([waiting(0), waiting(1)])) == ["m-0", "m-1"]
    assert here.inlet.requests == []


class BugError(Exception):
    """What nobody foresaw."""


def fail_once(monkeypatch: pytest.MonkeyPatch, owner: object, name: str) -> None:
    """Have the first call of a method raise."""
    original, calls = getattr(owner, name), count(1)

    def broken(*args: Any, **kwargs: Any) -> Any:
        if next(calls) == 1:
            raise BugError
        return original(*args, **kwargs)

    monkeypatch.setattr(owner, name, broken)


@pytest.mark.parametrize(
    ("owner", "name", "expected"),
    [
        (FakeParameters, "get", ["m-0", "m-2"]),
        (FakeDeliveries, "find", ["m-0", "m-1", "m-2", "m-3"]),
        (FakeDeliveries, "postponed", ["m-2"]),
        (FakeDeliveries, "dead", ["m-1", "m-2"]),
        (FakeDeadLetters, "put", ["m-1", "m-2"]),
        (FakeDeliveries, "delivered_all", ["m-2"]),
        (RetryPolicy, "judge", ["m-2"]),
        (FakeInlet, "send", ["m-0", "m-1", "m-2", "m-3"]),
        (FakeTokens, "current", ["m-0", "m-1", "m-2", "m-3"]),
    ],
)
def test_a_bug_keeps_what_it_interrupts_in_the_buffer_and_nothing_else(
    monkeypatch: pytest.MonkeyPatch, owner: object, name: str, expected: list[str]
) -> None:
    answers = ({"xactionId": "x:0"}, {"status": 400}, {"status": 503}, {"xactionId": "x:3"})
    here = harness(None, items(*answers[name == "get" :]))
    fail_once(monkeypatch, owner, name)

    assert sorted(left(here.forwarder.forward(map(waiting, range(4))))) == expected
    assert (here.deliveries.state("github", "id:d-3") is State.DELIVERED) is (
        "m-3" not in expected and name != "delivered_all"
    )


def test_what_was_delivered_is_recorded_before_what_was_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The function's time may end meanwhile: what is then not recorded is sent again."""
    flows = {"events": samples.flow(), "people": samples.flow(ready_at=NOON)}
    answers = items({"status": 400}), items({"xactionId": "x:0"})
    here = harness(replace(samples.source(), flows=flows), *answers)

    def end(*_: object) -> None:
        raise SystemExit

    monkeypatch.setattr(here.dead_letters, "put", end)
    second = replace(Delivery.decode(waiting(1).text), flow="people")
    with pytest.raises(SystemExit):
        here.forwarder.forward([waiting(0), replace(waiting(1), text=second.encode())])

    assert here.deliveries.state("github", "id:d-1") is State.DELIVERED


def test_what_became_of_each_is_counted() -> None:
    """Delivered and dead; what waits is counted when it ends."""
    here = harness(None, items({"xactionId": "x:0"}, {"status": 400}, {"status": 503}))
    here.forwarder.forward([waiting(0), waiting(1), waiting(2)])

    assert here.counts.counted == {
        ("github", Count.DELIVERED): 1,
        ("github", Count.DEAD_LETTERED): 1,
    }


def test_without_a_token_everything_is_put_off() -> None:
    """An outage of IMS loses nothing."""
    here = harness()
    here.tokens.down = True

    assert left(here.forwarder.forward([waiting(0), waiting(1)])) == ["m-0", "m-1"]


def message(delivery: Delivery) -> QueuedMessage:
    """A message of the buffer."""
    return QueuedMessage("m", "r", delivery.encode(), 1, NOON)


NUMBERED = Route((RouteTarget("events", '{"n": "number(body.number)"}'),), when="body.number")
HOMELESS = Delivery("github", "d-1", "id:d-1", "issues", "", NOON, NOON, samples.BODY)


def test_what_waits_is_mapped_as_the_routes_say_by_now() -> None:
    """A corrected map mends what waits and what is redriven."""
    here = harness(replace(samples.source(), routes=(NUMBERED,)), items({"xactionId": "x"}))

    assert here.forwarder.forward([waiting(0)]) == []
    [(_, _, content)] = here.inlet.requests
    assert json.loads(content)["messages"][0]["body"]["xdmEntity"] == {"n": 1}


def test_what_cannot_be_mapped_is_a_dead_letter_as_it_was_received() -> None:
    """Its neighbours are sent."""
    here = harness(replace(samples.source(), routes=(NUMBERED,)), items({"xactionId": "x"}))

    assert here.forwarder.forward([waiting(0, body=b'{"number":"x"}'), waiting(1)]) == []
    [(text, info)] = here.dead_letters.kept
    assert Delivery.decode(text).body == b'{"number":"x"}'
    assert info.kind is DeadClass.INVALID
    assert info.reason == "n: number() cannot convert what it is given"
    assert here.deliveries.state("github", "id:d-1") is State.DELIVERED


def test_what_no_route_takes_is_a_dead_letter() -> None:
    """With a class of its own, so that it can be redriven once a route takes it."""
    never = replace(NUMBERED, when="body.never")
    here = harness(replace(samples.source(), routes=(never,)))

    assert here.forwarder.forward([message(HOMELESS)]) == []
    [(_, info)] = here.dead_letters.kept
    assert info.kind is DeadClass.NO_ROUTE


def test_a_redriven_dead_letter_is_routed_anew() -> None:
    """Under its own id."""
    here = harness(replace(samples.source(), routes=(NUMBERED,)), items({"xactionId": "x"}))

    assert here.forwarder.forward([message(HOMELESS)]) == []
    assert here.deliveries.state("github", "id:d-1") is State.DELIVERED


def test_a_redriven_dead_letter_that_takes_several_flows_by_now_is_split() -> None:
    """Into the buffer, where its parts wait their turn."""
    targets = (*NUMBERED.targets, RouteTarget("people", '{"n": "body.number"}'))
    flows = {"events": samples.flow(), "people": samples.flow()}
    here = harness(replace(samples.source(), routes=(Route(targets),), flows=flows))

    assert here.forwarder.forward([message(HOMELESS)]) == []
    assert [kept.delivery_id for kept, _ in here.buffer.kept] == ["d-1/events", "d-1/people"]
    assert here.deliveries.state("github", "id:d-1") is State.SPLIT
    assert here.counts.total(Count.ACCEPTED) == 1


def test_a_redriven_dead_letter_that_nobody_wants_by_now_is_dropped() -> None:
    """The books still balance."""
    never = replace(NUMBERED, when="body.never")
    here = harness(replace(samples.source(), routes=(never,), otherwise="drop"))

    assert here.forwarder.forward([message(HOMELESS)]) == []
    assert not here.dead_letters.kept
    assert not here.buffer.kept
    assert here.counts.total(Count.FILTERED) == 1
    assert here.deliveries.state("github", "id:d-1") is State.FILTERED


def test_parts_that_cannot_be_buffered_stay_one_message() -> None:
    """It is tried again."""
    targets = (*NUMBERED.targets, RouteTarget("people", '{"n": "body.number"}'))
    flows = {"events": samples.flow(), "people": samples.flow()}
    here = harness(replace(samples.source(), routes=(Route(targets),), flows=flows))
    here.buffer.down = True

    assert left(here.forwarder.forward([message(HOMELESS)])) == ["m"]


def test_a_message_that_outgrew_the_inlet_by_its_map_is_a_dead_letter() -> None:
    """Nothing would make it smaller."""
    fat = Route((RouteTarget("events", '{"a": "body.t", "b": "body.t", "c": "body.t"}'),))
    here = harness(replace(samples.source(), routes=(fat,)))
    body = json.dumps({"t": "x" * 400_000}).encode()

    assert here.forwarder.forward([waiting(0, body=body)]) == []
    [(_, info)] = here.dead_letters.kept
    assert info.kind is DeadClass.TOO_LARGE


def test_parts_that_came_twice_are_sent_once() -> None:
    """A receiver that died after it had filled the buffer: the sender comes again."""
    here = harness(None, items({"xactionId": "x"}))
    again = replace(waiting(0), message_id="m-again", receipt="r-again")

    assert left(here.forwarder.forward([waiting(0), again])) == ["m-again"]
    assert here.forwarder.forward([again]) == []
    assert len(here.inlet.requests) == 1
