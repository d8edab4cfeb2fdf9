"""The forwarder's entry point: real events, resources of the template, Adobe on a socket."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Barrier, Thread

import boto3
import pytest

from adobe_emulator.faults import AnswerShort, AnswerWith, CloseConnection, Fault, Poison, Service
from adobe_emulator.settings import Generation
from bridge.delivery.delivery import Delivery
from bridge.errors import UnavailableError
from functions.forwarder.handler import RESERVE_SECONDS
from tests.support.delivery_cloud import EVENTS, DeliveryCloud, delivery_cloud
from tests.support.virtual_time import record_timeouts
from tests.support.waiting import MAX_SECONDS
from tests.support.webhook_events import body_of, signed

EMPTY = {"ready": 0, "later": 0, "taken": 0}


@pytest.fixture
def cloud(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> Iterator[DeliveryCloud]:
    """A cloud of which nothing secret may be in the log, whatever a test does in it."""
    with delivery_cloud(monkeypatch) as cloud:
        yield cloud
        # moto's own library tells every URL.
        others = [record for record in caplog.records if record.name != "responses"]
        written = cloud.log.getvalue() + " ".join(str(vars(record)) for record in others)
        for secret in ("CANARY", "Bearer", "Found bug", cloud.adobe.tenant.client_secret):
            assert secret not in written


@contextmanager
def serving(handler: type[BaseHTTPRequestHandler]) -> Iterator[str]:
    """The URL of a server on the loopback address, until the block ends."""
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()


def titles(cloud: DeliveryCloud) -> list[str]:
    """The issues that the inlet received, in the order of arrival."""
    entities = [json.loads(message.content)["body"] for message in cloud.adobe.ledger.received]
    return [entity["xdmEntity"]["issue"]["title"] for entity in entities]


def test_what_waits_goes_in_one_request_and_leaves_the_buffer(cloud: DeliveryCloud) -> None:
    assert cloud.forward("several") == []

    received = cloud.adobe.ledger.received
    assert titles(cloud) == [f"Found bug {number}" for number in range(1, 5)]
    assert len({message.batch_id for message in received}) == 1
    assert all(message.authenticated for message in received)
    assert {record["id"]: record["xaction_id"] for record in cloud.records()} == {
        f"d-{number}": message.xaction_id for number, message in enumerate(received, 1)
    }
    assert cloud.depth() == EMPTY
    assert cloud.dead() == []


def test_what_waits_needs_no_secret_of_its_sender_any_more(cloud: DeliveryCloud) -> None:
    """It was verified when it came; the forwarder's role allows it no sender's secret."""
    asked: list[str] = []
    assert boto3.DEFAULT_SESSION
    boto3.DEFAULT_SESSION.events.register(
        "provide-client-params.ssm.GetParameters", lambda params, **_: asked.extend(params["Names"])
    )
    boto3.client("ssm").delete_parameters(Names=["/inlet-bridge/dev/secrets/github"])
    cloud.restart()

    assert cloud.forward("several") == []

    assert "/inlet-bridge/dev/sources/github" in asked
    assert {name for name in asked if "/secrets/" in name} <= {"/inlet-bridge/dev/secrets/adobe"}


def test_a_webhook_that_was_buffered_arrives_as_it_came_and_its_twin_hears_of_it(
    cloud: DeliveryCloud,
) -> None:
    sent = signed("github-non-ascii")
    cloud.adobe.faults.add(Fault(Service.INLET, effect=AnswerWith(503)))
    assert cloud.receive(sent).status == 202

    assert cloud.forward_what_waits() == []
    [message] = cloud.adobe.ledger.received
    assert body_of(sent) in message.content
    twin = cloud.receive(sent)
    assert (twin.status, twin.document["xactionId"]) == (200, message.xaction_id)
    assert len(cloud.adobe.ledger.received) == 1


def test_each_source_goes_its_own_way(cloud: DeliveryCloud) -> None:
    cloud.configure("stripe")

    assert cloud.forward("several-sources") == []
    assert len(cloud.adobe.ledger.received) == 3
    assert {(record["source"], record["state"]) for record in cloud.records()} == {
        ("github", "delivered"),
        ("stripe", "delivered"),
    }


@pytest.mark.parametrize("generation", list(Generation))
def test_a_message_that_can_never_pass_goes_to_the_dead_letters_and_its_neighbours_pass(
    cloud: DeliveryCloud, generation: Generation
) -> None:
    cloud.adobe.behavior = replace(cloud.adobe.behavior, generation=generation)
    cloud.adobe.faults.poison(Poison("Found bug 2"))

    assert cloud.forward("several") == []
    assert titles(cloud) == ["Found bug 1", "Found bug 3", "Found bug 4"]
    [(letter, reason)] = cloud.dead()
    assert Delivery.decode(letter).delivery_id == "d-2"
    assert reason == "invalid message: the inlet returned 400"
    states = {record["id"]: record["state"] for record in cloud.records()}
    assert states == {"d-1": "delivered", "d-2": "dead", "d-3": "delivered", "d-4": "delivered"}
    assert cloud.depth() == EMPTY


@pytest.mark.parametrize("generation", list(Generation))
def test_messages_that_may_pass_later_stay_and_their_neighbours_pass(
    cloud: DeliveryCloud, generation: Generation
) -> None:
    cloud.adobe.behavior = replace(cloud.adobe.behavior, generation=generation)
    cloud.adobe.faults.poison(Poison("Found bug 1", status=429))
    cloud.adobe.faults.poison(Poison("Found bug 3", status=503))

    assert cloud.forward("several") == [0, 2]
    assert titles(cloud) == ["Found bug 2", "Found bug 4"]
    assert cloud.depth()["taken"] == 2
    assert cloud.dead() == []
    assert len(cloud.waits) == 2
    assert all(1 <= wait <= 4 for wait in cloud.waits)


def test_a_message_for_which_the_inlet_refuses_the_whole_batch_is_found_and_isolated(
    cloud: DeliveryCloud,
) -> None:
    cloud.adobe.faults.poison(Poison("Found bug 2", whole_request=True))

    assert cloud.forward("several") == []
    assert sorted(titles(cloud)) == ["Found bug 1", "Found bug 3", "Found bug 4"]
    assert [Delivery.decode(letter).delivery_id for letter, _ in cloud.dead()] == ["d-2"]


def test_an_answer_for_fewer_messages_than_were_sent_loses_none(cloud: DeliveryCloud) -> None:
    cloud.adobe.faults.add(Fault(Service.INLET, effect=AnswerShort(missing=2)))

    assert cloud.forward("several") == []
    assert set(titles(cloud)) == {f"Found bug {number}" for number in range(1, 5)}
    assert {record["state"] for record in cloud.records()} == {"delivered"}


def test_a_429_puts_off_for_as_long_as_the_inlet_says(cloud: DeliveryCloud) -> None:
    busy = AnswerWith(429, {"retry-after": "120"})
    cloud.adobe.faults.add(Fault(Service.INLET, effect=busy))

    assert cloud.forward("several") == [0, 1, 2, 3]
    assert cloud.waits == [120] * 4
    assert cloud.depth()["taken"] == 4
    assert cloud.adobe.ledger.received == ()


def test_what_did_not_arrive_stays_in_the_buffer(cloud: DeliveryCloud) -> None:
    cloud.forget_token()
    for fault in (
        Fault(Service.IMS, effect=AnswerWith(401, body='{"error":"invalid_client"}')),
        Fault(Service.INLET, effect=AnswerWith(503)),
        Fault(Service.INLET, times=2, effect=AnswerWith(401)),
        Fault(Service.INLET, effect=AnswerWith(403)),
        Fault(Service.INLET, effect=CloseConnection(after_work=False)),
    ):
        cloud.adobe.faults.add(fault)
        cloud.waits.clear()

        assert cloud.forward("several") == [0, 1, 2, 3], fault
        assert len(cloud.waits) == 4
    assert cloud.adobe.ledger.received == ()
    assert cloud.dead() == []


def test_an_expired_token_is_renewed_once(cloud: DeliveryCloud) -> None:
    cloud.forward("one")
    minted = cloud.adobe.ims.minted
    cloud.adobe.ims.revoke_all()

    assert cloud.forward("several") == []
    assert cloud.adobe.ims.minted == minted + 1


def test_the_requests_of_one_batch_are_in_flight_together(
    cloud: DeliveryCloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    """This inlet answers none before it has three."""
    together = Barrier(3)

    class Inlet(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            together.wait(timeout=MAX_SECONDS)
            content = b'{"responses":[{"xactionId":"x:0","status":200}]}'
            self.send_response(207)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    cloud.buffer_large(3)
    with serving(Inlet) as url:
        monkeypatch.setenv("INLET_HOSTS", url.removeprefix("http://"))
        cloud.change("github", inlet_url=f"{url}/collection/1")
        cloud.restart()

        assert cloud.forward_what_waits() == []
    assert [record["state"] for record in cloud.records()] == ["delivered"] * 3


def test_several_requests_in_flight_renew_an_expired_token_once(cloud: DeliveryCloud) -> None:
    cloud.forward("one")
    minted = cloud.adobe.ims.minted
    cloud.adobe.ims.revoke_all()
    cloud.buffer_large(4)

    assert cloud.forward_what_waits() == []
    assert len(cloud.adobe.ledger.received) == 5
    assert cloud.adobe.ims.minted == minted + 1


def test_while_a_flow_settles_its_messages_wait_until_it_has(cloud: DeliveryCloud) -> None:
    cloud.change("github", ready_at=datetime.now(UTC) + timedelta(minutes=5))

    assert cloud.forward("one") == [0]
    assert 295 <= cloud.waits[0] <= 300
    assert (cloud.adobe.ledger.received, cloud.adobe.ledger.lost) == ((), ())


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("unknown-source", "unknown flow: the source no longer exists"),
        ("unknown-flow", "unknown flow: the source no longer has a flow of this name"),
        ("expired", "expired: not delivered within 72 h; the inlet returned 503"),
    ],
)
def test_what_has_nowhere_to_go_is_a_dead_letter_with_its_reason(
    cloud: DeliveryCloud, name: str, reason: str
) -> None:
    if name == "expired":
        cloud.adobe.faults.add(Fault(Service.INLET, effect=AnswerWith(503)))

    assert cloud.forward(name) == []

    [(letter, told)] = cloud.dead()
    assert told == reason
    assert Delivery.decode(letter).delivery_id == "d-1"
    expected = [] if name == "expired" else ["Found bug 2"]
    assert titles(cloud) == expected


def test_what_is_no_delivery_is_a_dead_letter_as_it_is_and_its_neighbours_pass(
    cloud: DeliveryCloud,
) -> None:
    assert cloud.forward("unreadable") == []

    letters = cloud.dead()
    assert len(letters) == 5
    assert letters[0][0] == "not a delivery"
    assert all(reason.startswith("unreadable: ") for _, reason in letters)
    assert titles(cloud) == ["Found bug 1"]


def test_while_the_dead_letters_cannot_be_kept_the_message_stays(cloud: DeliveryCloud) -> None:
    cloud.adobe.faults.poison(Poison("Found bug 2"))
    url = cloud.dead_letters

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DEAD_LETTER_QUEUE_URL", url + "-missing")
        cloud.restart()
        assert cloud.forward("several") == [1]
    assert cloud.depth()["taken"] == 1
    assert "d-2" not in {record["id"] for record in cloud.records()}


def test_a_table_that_does_not_answer_sends_nothing_twice(cloud: DeliveryCloud) -> None:
    cloud.fail("dynamodb.UpdateItem")

    assert cloud.forward("several") == []
    assert len(cloud.adobe.ledger.received) == 4


def test_parameters_that_do_not_answer_keep_everything(cloud: DeliveryCloud) -> None:
    cloud.fail("ssm.GetParameters")

    assert cloud.forward("several") == [0, 1, 2, 3]
    assert cloud.dead() == []


def test_a_message_that_cannot_be_put_off_is_named_all_the_same(cloud: DeliveryCloud) -> None:
    cloud.fail("sqs.ChangeMessageVisibility")
    cloud.adobe.faults.add(Fault(Service.INLET, effect=AnswerWith(503)))

    assert cloud.forward("several") == [0, 1, 2, 3]


def test_with_no_time_left_nothing_is_sent_and_everything_stays(cloud: DeliveryCloud) -> None:
    assert cloud.forward("several", seconds=RESERVE_SECONDS - 1) == [0, 1, 2, 3]
    assert cloud.adobe.ledger.received == ()


def test_requests_to_an_inlet_that_does_not_respond_end_before_the_invocation(
    cloud: DeliveryCloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    cloud.forward("one")  # Fetches the token.
    cloud.adobe.faults.add(Fault(Service.INLET, times=None, delay_seconds=3_600))
    timeouts = record_timeouts(monkeypatch)

    # The first one is the same delivery, and done.
    assert cloud.forward("several", seconds=RESERVE_SECONDS + 0.5) == [1, 2, 3]
    assert timeouts
    assert max(timeouts) <= 0.5


def test_a_missing_variable_fails_the_batch_and_is_named(
    cloud: DeliveryCloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable in (
        *("STAGE", "ADOBE_IMS_URL", "ADOBE_CREDENTIALS", "INLET_HOSTS"),
        *("BUFFER_QUEUE_URL", "DEAD_LETTER_QUEUE_URL", "DELIVERIES_TABLE", "RECORD_DAYS"),
        *("RETRY_HOURS", "INLET_MESSAGES_PER_SECOND", "FORWARDER_CONCURRENCY"),
    ):
        with monkeypatch.context() as patch:
            patch.delenv(variable)
            cloud.restart()

            with pytest.raises(UnavailableError, match=f"{variable} is not set"):
                cloud.forward("one")


def test_every_event_is_used_by_a_test() -> None:
    text = Path(__file__).read_text()

    unused = [path.stem for path in EVENTS.glob("*.json") if f'"{path.stem}"' not in text]
    assert unused == []
