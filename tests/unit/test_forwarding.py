"""The forwarder's promises."""

import json
from dataclasses import dataclass
from datetime import timedelta

from bridge.delivery.answers import InletAnswer
from bridge.delivery.delivery import Delivery
from bridge.delivery.record import State
from bridge.forwarding import Forwarder, Postponed, Waiting
from bridge.sending import InletSender
from bridge.source import Source
from bridge.source_directory import SourceDirectory
from tests import samples
from tests.fakes import (
    NOON,
    FakeClock,
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
class World:
    """A forwarder and everything around it."""

    clock: FakeClock
    parameters: FakeParameters
    tokens: FakeTokens
    inlet: FakeInlet
    dead_letters: FakeDeadLetters
    deliveries: FakeDeliveries
    forwarder: Forwarder


def world(configured: Source | None = None, *answers: InletAnswer) -> World:
    """A forwarder of one source, and an inlet that gives these answers."""
    clock = FakeClock()
    parameters = FakeParameters(
        {
            samples.DOCUMENT_NAME: (configured or samples.source()).to_document(),
            samples.SECRET_NAME: samples.SECRET,
        }
    )
    tokens, inlet = FakeTokens(), FakeInlet(list(answers))
    dead_letters, deliveries = FakeDeadLetters(), FakeDeliveries(clock)
    forwarder = Forwarder(
        directory=SourceDirectory(parameters, "test", clock),
        sender=InletSender(inlet, tokens, clock),
        dead_letters=dead_letters,
        deliveries=deliveries,
        clock=clock,
        jitter=lambda: JITTER,
    )
    return World(clock, parameters, tokens, inlet, dead_letters, deliveries, forwarder)


def waiting(number: int = 0, *, attempt: int = 1, body: bytes = samples.BODY) -> Waiting:
    """A message of the buffer."""
    delivery = Delivery("github", f"d-{number}", "issues", "events", NOON, body)
    return Waiting(f"m-{number}", f"r-{number}", delivery.encode(), attempt)


def left(postponed: list[Postponed]) -> list[str]:
    """The ids of the messages that stay in the buffer."""
    return [message.waiting.message_id for message in postponed]


def test_what_waits_for_one_flow_goes_in_one_batch() -> None:
    """One request, every message in it."""
    here = world(None, items({"xactionId": "x:0"}, {"xactionId": "x:1"}))

    assert here.forwarder.forward([waiting(0), waiting(1, body=b'{"b":2}')]) == []
    [(url, headers, content)] = here.inlet.requests
    assert url == samples.INLET_URL.replace("/collection/", "/collection/batch/")
    assert headers["x-adobe-flow-id"] == samples.FLOW_ID
    entities = [message["body"]["xdmEntity"] for message in json.loads(content)["messages"]]
    assert entities == [json.loads(samples.BODY), {"b": 2}]
    assert here.deliveries.state("github", "d-0") is State.DELIVERED
    assert here.deliveries.state("github", "d-1") is State.DELIVERED


def test_each_message_of_a_207_ends_on_its_own() -> None:
    """Delivered, dead and put off side by side."""
    here = world(
        None,
        items({"xactionId": "x:0"}, {"status": 400, "message": "no"}, {"statusCode": 503}),
    )

    assert left(here.forwarder.forward([waiting(0), waiting(1), waiting(2)])) == ["m-2"]
    assert here.deliveries.state("github", "d-0") is State.DELIVERED
    assert here.deliveries.state("github", "d-1") is State.DEAD
    [(letter, reason)] = here.dead_letters.kept
    assert Delivery.decode(letter).delivery_id == "d-1"
    assert reason == "invalid message: the inlet answered 400"


def test_a_message_that_the_answer_does_not_tell_of_is_sent_again_alone() -> None:
    """Fewer answers than messages are no success."""
    here = world(None, items({"xactionId": "x:0"}), taken("alone-0"), taken("alone-1"))

    assert here.forwarder.forward([waiting(0), waiting(1)]) == []
    urls = [url for url, _, _ in here.inlet.requests]
    assert urls[1:] == [samples.INLET_URL, samples.INLET_URL]


def test_a_poison_message_harms_no_neighbour() -> None:
    """A batch that is refused as a whole is sent one by one."""
    here = world(None, InletAnswer(400), taken(), InletAnswer(400), taken())

    assert here.forwarder.forward([waiting(0), waiting(1), waiting(2)]) == []
    states = [here.deliveries.state("github", f"d-{number}") for number in range(3)]
    assert states == [State.DELIVERED, State.DEAD, State.DELIVERED]


def test_an_outage_puts_everything_off_and_longer_each_time() -> None:
    """Full jitter: half of 4 s after the first attempt, half of 16 s after the third."""
    here = world(None, InletAnswer(503))

    postponed = here.forwarder.forward([waiting(0, attempt=1), waiting(1, attempt=3)])

    assert [message.wait for message in postponed] == [timedelta(seconds=2), timedelta(seconds=8)]
    assert here.dead_letters.kept == []


def test_retry_after_is_honoured() -> None:
    """The inlet knows better than our back-off."""
    here = world(None, InletAnswer(429, {"retry-after": "120"}))

    [message] = here.forwarder.forward([waiting()])

    assert message.wait == timedelta(seconds=120)


def test_a_message_near_the_bound_goes_alone() -> None:
    """It does not fit a batch, and the inlet takes it by itself."""
    body = b'{"a":"' + b"x" * 950_000 + b'"}'
    here = world(None, taken())

    assert here.forwarder.forward([waiting(body=body)]) == []
    assert here.inlet.requests[0][0] == samples.INLET_URL


def test_raw_messages_get_a_header_in_a_batch_and_none_alone() -> None:
    """Bare JSON in a batch is refused: the 'header' field is mandatory."""
    raw = samples.source(to=samples.connection(data_type="raw"))
    here = world(raw, InletAnswer(400), taken())

    here.forwarder.forward([waiting()])

    batch, alone = (content for _, _, content in here.inlet.requests)
    [message] = json.loads(batch)["messages"]
    assert message["header"]["flowId"] == samples.FLOW_ID
    assert message["body"] == json.loads(samples.BODY)
    assert alone == samples.BODY


def test_what_has_not_settled_waits_until_it_has() -> None:
    """A flow that was replaced meanwhile gets nothing early."""
    ready_at = NOON + timedelta(seconds=77)
    here = world(samples.source(through=samples.flow(ready_at)))

    [message] = here.forwarder.forward([waiting()])

    assert message.wait == timedelta(seconds=77)
    assert here.inlet.requests == []


def test_a_text_that_is_no_delivery_is_a_dead_letter_as_it_is() -> None:
    """A poisoned buffer does not stop the others."""
    here = world(None, items({"xactionId": "x:0"}))
    alien = Waiting("m-9", "r-9", "not a delivery", 1)

    assert here.forwarder.forward([alien, waiting()]) == []
    [(letter, reason)] = here.dead_letters.kept
    assert letter == "not a delivery"
    assert reason.startswith("unreadable")


def test_a_delivery_of_a_deleted_source_is_a_dead_letter() -> None:
    """Its flow is gone; people may redrive it."""
    here = world()
    del here.parameters.values[samples.DOCUMENT_NAME]

    assert here.forwarder.forward([waiting()]) == []
    assert here.dead_letters.kept[0][1].startswith("unknown flow")


def test_a_delivery_that_waited_for_days_is_a_dead_letter() -> None:
    """SQS would drop it in silence after 14 days."""
    here = world()
    here.clock.advance(3 * 86_400 + 1)

    assert here.forwarder.forward([waiting()]) == []
    assert here.dead_letters.kept[0][1].startswith("expired")


def test_parameters_that_cannot_be_read_put_off() -> None:
    """An outage of SSM loses nothing."""
    here = world()
    here.parameters.down = True

    assert left(here.forwarder.forward([waiting()])) == ["m-0"]


def test_a_dead_letter_that_cannot_be_kept_stays_in_the_buffer() -> None:
    """Nothing disappears between two queues."""
    here = world(None, items({"status": 400}))
    here.dead_letters.down = True

    assert left(here.forwarder.forward([waiting()])) == ["m-0"]


def test_a_delivered_message_that_cannot_be_recorded_is_not_sent_again() -> None:
    """The inlet has it."""
    here = world(None, items({"xactionId": "x:0"}))
    here.deliveries.down = True

    assert here.forwarder.forward([waiting()]) == []


def test_without_a_token_everything_is_put_off() -> None:
    """An outage of IMS loses nothing."""
    here = world()
    here.tokens.down = True

    assert left(here.forwarder.forward([waiting(0), waiting(1)])) == ["m-0", "m-1"]
