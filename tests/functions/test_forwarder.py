"""Tests of the forwarder: recorded events, resources of the template, an emulated Adobe."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from copy import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Barrier, Thread

import boto3
import pytest

from adobe_emulator.faults import AnswerShort, AnswerWith, CloseConnection, Fault, Poison, Service
from adobe_emulator.settings import DATASET_ID, Generation
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
    """A cloud that asserts that its log contains no secret."""
    with delivery_cloud(monkeypatch) as cloud:
        yield cloud
        # The library of moto logs every URL.
        others = [record for record in caplog.records if record.name != "responses"]
        written = cloud.log.getvalue() + " ".join(str(vars(record)) for record in others)
        for secret in ("CANARY", "Bearer", "Found bug", cloud.adobe.tenant.client_secret):
            assert secret not in written


@contextmanager
def serving(handler: type[BaseHTTPRequestHandler]) -> Iterator[str]:
    """Serve on the loopback address until the block ends, and yield the URL."""
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()


def titles(cloud: DeliveryCloud) -> list[str]:
    """Return the issues that the inlet received, in the order of arrival."""
    entities = [json.loads(message.content)["body"] for message in cloud.adobe.ledger.received]
    return [entity["xdmEntity"]["issue"]["title"] for entity in entities]


def test_throttled_records_of_a_batch_are_written(cloud: DeliveryCloud) -> None:
    cloud.throttle("BatchWriteItem", times=2)

    assert cloud.forward("several") == []

    assert {record["state"] for record in cloud.records()} == {"delivered"}
    assert len(cloud.records()) == len(titles(cloud))


def test_buffered_messages_are_sent_in_one_request_and_deleted(cloud: DeliveryCloud) -> None:
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


def test_forwarding_reads_no_secret_of_the_sender(cloud: DeliveryCloud) -> None:
    """The webhook is already verified; the role of the forwarder allows no secret of a sender."""
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


def test_buffered_webhook_arrives_unchanged_and_its_duplicate_gets_the_result(
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


def test_each_source_is_sent_to_its_own_flow(cloud: DeliveryCloud) -> None:
    cloud.configure("stripe")

    assert cloud.forward("several-sources") == []
    assert len(cloud.adobe.ledger.received) == 3
    assert {(record["source"], record["state"]) for record in cloud.records()} == {
        ("github", "delivered"),
        ("stripe", "delivered"),
    }


@pytest.mark.parametrize("generation", list(Generation))
def test_permanently_rejected_message_is_dead_lettered_and_the_others_delivered(
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
def test_retryable_messages_stay_in_the_buffer_and_the_others_are_delivered(
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


def test_message_to_a_deleted_dataset_says_so(cloud: DeliveryCloud) -> None:
    cloud.adobe.datasets.delete(DATASET_ID)

    assert cloud.forward("several") == []
    dead = cloud.dead()
    for _, reason in dead:
        assert reason == (
            "invalid message: the inlet returned 400: unknown XDM format; the flow's dataset or "
            "schema may be gone or changed, see inlet status"
        )
    assert len(dead) == 4


def test_message_that_fails_the_whole_batch_is_isolated(
    cloud: DeliveryCloud,
) -> None:
    cloud.adobe.faults.poison(Poison("Found bug 2", whole_request=True))

    assert cloud.forward("several") == []
    assert sorted(titles(cloud)) == ["Found bug 1", "Found bug 3", "Found bug 4"]
    assert [Delivery.decode(letter).delivery_id for letter, _ in cloud.dead()] == ["d-2"]


def test_response_with_missing_items_loses_no_message(cloud: DeliveryCloud) -> None:
    cloud.adobe.faults.add(Fault(Service.INLET, effect=AnswerShort(missing=2)))

    assert cloud.forward("several") == []
    assert set(titles(cloud)) == {f"Found bug {number}" for number in range(1, 5)}
    assert {record["state"] for record in cloud.records()} == {"delivered"}


def test_429_postpones_by_the_retry_after_of_the_inlet(cloud: DeliveryCloud) -> None:
    busy = AnswerWith(429, {"retry-after": "120"})
    cloud.adobe.faults.add(Fault(Service.INLET, effect=busy))

    assert cloud.forward("several") == []
    assert cloud.delays == [120] * 4
    assert cloud.depth() == EMPTY | {"later": 4}
    assert cloud.adobe.ledger.received == ()


def test_inline_429_delays_the_message_by_the_retry_after_of_the_inlet(
    cloud: DeliveryCloud,
) -> None:
    """The forwarder sees nothing of it before."""
    busy = AnswerWith(429, {"retry-after": "40"})
    cloud.adobe.faults.add(Fault(Service.INLET, effect=busy))

    assert cloud.receive(signed("github-signed")).status == 202
    assert cloud.depth() == EMPTY | {"later": 1}
    assert cloud.forward_what_waits() == []
    assert cloud.adobe.ledger.received == ()


def test_retry_after_that_is_not_over_delays_a_message_without_an_attempt(
    cloud: DeliveryCloud,
) -> None:
    """The queue delays by 300 s at most; the message has the rest of an inline hour."""
    delivery = replace(
        Delivery.decode(json.loads((EVENTS / "one.json").read_text())["Records"][0]["body"]),
        not_before=datetime.now(UTC) + timedelta(hours=1),
    )
    boto3.client("sqs").send_message(QueueUrl=cloud.buffer, MessageBody=delivery.encode())

    assert cloud.forward_what_waits() == []
    assert 240 <= cloud.delays[0] <= 300
    assert cloud.adobe.ledger.received == ()


def test_messages_of_a_paused_source_leave_the_messages_in_flight(cloud: DeliveryCloud) -> None:
    pause = "/inlet-bridge/dev/sources/github/paused"
    boto3.client("ssm").put_parameter(Name=pause, Value="1", Type="String")

    assert cloud.forward("several") == []
    assert cloud.depth() == EMPTY | {"later": 4}
    assert all(240 <= delay <= 300 for delay in cloud.delays)


def test_undelivered_messages_stay_in_the_buffer(cloud: DeliveryCloud) -> None:
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
        cloud.delays.clear()

        cloud.forward("several")
        assert len(cloud.waits) + len(cloud.delays) == 4, fault
    assert cloud.adobe.ledger.received == ()
    assert cloud.dead() == []


def test_expired_token_is_renewed_once(cloud: DeliveryCloud) -> None:
    cloud.forward("one")
    minted = cloud.adobe.ims.minted
    cloud.adobe.ims.revoke_all()

    assert cloud.forward("several") == []
    assert cloud.adobe.ims.minted == minted + 1


def test_requests_of_one_batch_are_sent_concurrently(
    cloud: DeliveryCloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    """This inlet responds only after it received three requests."""
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
            """Log nothing."""

    cloud.buffer_large(3)
    with serving(Inlet) as url:
        monkeypatch.setenv("INLET_HOSTS", url.removeprefix("http://"))
        cloud.change("github", inlet_url=f"{url}/collection/1")
        cloud.restart()

        assert cloud.forward_what_waits() == []
    assert [record["state"] for record in cloud.records()] == ["delivered"] * 3


def test_concurrent_requests_renew_an_expired_token_once(cloud: DeliveryCloud) -> None:
    cloud.forward("one")
    minted = cloud.adobe.ims.minted
    cloud.adobe.ims.revoke_all()
    cloud.buffer_large(4)

    assert cloud.forward_what_waits() == []
    assert len(cloud.adobe.ledger.received) == 5
    assert cloud.adobe.ims.minted == minted + 1


def test_messages_are_postponed_until_a_new_flow_is_ready(cloud: DeliveryCloud) -> None:
    cloud.change("github", ready_at=datetime.now(UTC) + timedelta(minutes=5))

    assert cloud.forward("one") == []
    assert 240 <= cloud.delays[0] <= 300
    assert (cloud.adobe.ledger.received, cloud.adobe.ledger.lost) == ((), ())


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("unknown-source", "unknown flow: the source no longer exists"),
        ("unknown-flow", "unknown flow: the source no longer has a flow of this name"),
        ("expired", "expired: not delivered within 72 h; the inlet returned 503"),
    ],
)
def test_undeliverable_message_is_dead_lettered_with_its_reason(
    cloud: DeliveryCloud, name: str, reason: str
) -> None:
    if name == "expired":
        cloud.adobe.faults.add(Fault(Service.INLET, effect=AnswerWith(503)))

    assert cloud.forward(name) == []

    [(letter, output)] = cloud.dead()
    assert output == reason
    assert Delivery.decode(letter).delivery_id == "d-1"
    expected = [] if name == "expired" else ["Found bug 2"]
    assert titles(cloud) == expected


def test_malformed_message_is_dead_lettered_unchanged_and_the_others_delivered(
    cloud: DeliveryCloud,
) -> None:
    assert cloud.forward("unreadable") == []

    letters = cloud.dead()
    assert len(letters) == 5
    assert letters[0][0] == "not a delivery"
    assert all(reason.startswith("unreadable: ") for _, reason in letters)
    assert titles(cloud) == ["Found bug 1"]


def test_message_stays_while_the_dead_letter_queue_is_unavailable(cloud: DeliveryCloud) -> None:
    cloud.adobe.faults.poison(Poison("Found bug 2"))
    url = cloud.dead_letters

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DEAD_LETTER_QUEUE_URL", url + "-missing")
        cloud.restart()
        assert cloud.forward("several") == [1]
    assert cloud.depth()["taken"] == 1
    assert "d-2" not in {record["id"] for record in cloud.records()}


def test_unavailable_table_does_not_cause_duplicates(cloud: DeliveryCloud) -> None:
    cloud.fail("dynamodb.UpdateItem")

    assert cloud.forward("several") == []
    assert len(cloud.adobe.ledger.received) == 4


def test_unavailable_parameters_keep_all_messages_in_the_buffer(cloud: DeliveryCloud) -> None:
    cloud.fail("ssm.GetParameters")

    assert cloud.forward("several") == [0, 1, 2, 3]
    assert cloud.dead() == []


def test_message_that_cannot_be_postponed_is_reported_as_failed(cloud: DeliveryCloud) -> None:
    cloud.fail("sqs.ChangeMessageVisibility")
    cloud.adobe.faults.add(Fault(Service.INLET, effect=AnswerWith(503)))

    assert cloud.forward("several") == [0, 1, 2, 3]


def test_without_remaining_time_nothing_is_sent(cloud: DeliveryCloud) -> None:
    assert cloud.forward("several", seconds=RESERVE_SECONDS - 1) == [0, 1, 2, 3]
    assert cloud.adobe.ledger.received == ()


def test_requests_to_an_unresponsive_inlet_end_before_the_invocation(
    cloud: DeliveryCloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    cloud.forward("one")  # Fetches the token.
    cloud.adobe.faults.add(Fault(Service.INLET, times=None, delay_seconds=3_600))
    timeouts = record_timeouts(monkeypatch)

    # The first message is the delivery that `one` already sent.
    assert cloud.forward("several", seconds=RESERVE_SECONDS + 0.5) == [1, 2, 3]
    assert timeouts
    assert max(timeouts) <= 0.5


def test_missing_environment_variable_fails_the_batch_and_is_named(
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


def test_every_sample_event_is_used_by_a_test() -> None:
    text = Path(__file__).read_text()

    unused = [path.stem for path in EVENTS.glob("*.json") if f'"{path.stem}"' not in text]
    assert unused == []
