"""Tests of the forwarder: recorded events, resources of the template, an emulated Adobe."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Barrier, Thread

import boto3
import pytest

from adobe_emulator.faults import AnswerWith, Fault, Service
from tests.support.delivery_cloud import DeliveryCloud
from tests.support.delivery_queues import EVENTS
from tests.support.forwarded_issues import EMPTY, titles
from tests.support.waiting import MAX_SECONDS
from tests.support.webhook_events import body_of, signed


@contextmanager
def serving(handler: type[BaseHTTPRequestHandler]) -> Iterator[str]:
    """Serve on the loopback address until the block ends, and yield the URL."""
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()


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


def test_every_sample_event_is_used_by_a_test() -> None:
    files = Path(__file__).parent.glob("test_forwarder*.py")
    text = "".join(file.read_text() for file in files)

    unused = [path.stem for path in EVENTS.glob("*.json") if f'"{path.stem}"' not in text]
    assert unused == []
