"""Bodies that a source keeps, through the handlers of the receiver and the forwarder."""

import json
import random
from collections.abc import Iterator
from copy import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest

from adobe_emulator.faults import AnswerWith, Fault, Service
from bridge.delivery.delivery import Delivery
from bridge.delivery.kept import MOST_ITEM_BYTES, kept_key
from bridge.receiving.intake import Intake
from bridge.sources.route import Route, RouteTarget
from bridge.sources.source import Source
from tests.support.delivery_cloud import SOURCE_DOCUMENT, DeliveryCloud, delivery_cloud
from tests.support.kept_cloud import DAYS, MARK, kept_cloud, webhook
from tests.support.webhook_events import body_of


@pytest.fixture
def cloud(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> Iterator[DeliveryCloud]:
    with kept_cloud(monkeypatch, caplog) as cloud:
        yield cloud


def test_kept_item_has_the_bytes_that_were_received(cloud: DeliveryCloud) -> None:
    sent = webhook("d-1")

    assert cloud.receive(sent).document["status"] == "delivered"

    [item], [kept] = cloud.kept.items(), cloud.kept.deliveries()
    assert kept.body == body_of(sent)
    assert (kept.flow, kept.key, kept.kept) == ("", kept.kept, kept.key)
    key = kept_key("github", kept.received_at, kept.kept)
    assert (item["bucket"], item["at"]) == key
    expiry = datetime.fromtimestamp(int(item["expires_at"]), UTC)
    assert abs(expiry - kept.received_at - timedelta(days=DAYS)) < timedelta(seconds=1)
    [record] = cloud.records()
    assert (record["kept"], record["sent_as"]) == (kept.kept, record["xaction_id"])
    assert datetime.fromisoformat(record["received_at"]) == kept.received_at
    assert cloud.kept.objects() == []


def test_source_that_keeps_nothing_writes_what_it_wrote_before(cloud: DeliveryCloud) -> None:
    cloud.configure("github")
    cloud.restart()

    assert cloud.receive(webhook("d-1")).status == 200

    assert cloud.kept.items() == []
    [record] = cloud.records()
    assert not record.keys() & {"kept", "replay", "sent_as"}


def test_redacted_document_is_kept_in_place_of_the_bytes(cloud: DeliveryCloud) -> None:
    cloud.configure("github", KeepBodies=DAYS, Privacy={"Drop": ["by"]})
    cloud.restart()

    assert cloud.receive(webhook("d-1")).status == 200

    [kept] = cloud.kept.deliveries()
    assert json.loads(kept.body) == {"items": [1, 2]}
    assert kept.kind == "document"


def test_filtered_webhook_is_kept(cloud: DeliveryCloud) -> None:
    routes = [{"When": "body.never", "Flow": "orders"}]
    cloud.configure("github", KeepBodies=DAYS, Routes=routes, Otherwise="drop")
    cloud.restart()

    assert cloud.receive(webhook("d-1")).document["status"] == "filtered"

    [kept] = cloud.kept.deliveries()
    assert MARK in kept.body.decode()


def test_duplicate_is_kept_once(cloud: DeliveryCloud) -> None:
    for _ in range(2):
        assert cloud.receive(webhook("d-1")).status == 200

    assert len(cloud.kept.items()) == 1


def test_repetition_after_a_crash_is_kept_again(
    cloud: DeliveryCloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its record names the second item."""

    def crash(*_: object) -> None:
        raise SystemExit(137)

    with monkeypatch.context() as patch:
        patch.setattr(Intake, "_deliver_or_buffer", crash)
        with pytest.raises(SystemExit):
            cloud.receive(webhook("d-1"))
    [record] = cloud.records()
    boto3.client("dynamodb").update_item(
        TableName=cloud.table,
        Key=_key(cloud),
        UpdateExpression="SET claimed_until = :long_ago",
        ExpressionAttributeValues={":long_ago": {"N": "1"}},
    )
    assert record["state"] == "claimed"

    assert cloud.receive(webhook("d-1")).document["status"] == "delivered"

    first, second = cloud.kept.deliveries()
    assert (first.kept, first.body) == (second.kept, second.body)
    [record] = cloud.records()
    assert datetime.fromisoformat(record["received_at"]) == second.received_at


def _key(cloud: DeliveryCloud) -> Any:
    [item] = boto3.client("dynamodb").scan(TableName=cloud.table)["Items"]
    return {name: item[name] for name in ("source", "delivery_id")}


def test_large_body_is_an_object_that_its_item_names(cloud: DeliveryCloud) -> None:
    noise = random.Random(7).randbytes(2 * MOST_ITEM_BYTES).hex()  # noqa: S311
    sent = webhook("d-1", {"noise": noise, "by": MARK})

    assert cloud.receive(sent).status == 200

    [item], [kept] = cloud.kept.items(), cloud.kept.deliveries()
    assert "body" not in item
    assert cloud.kept.objects() == [item["object"]]
    assert item["object"].startswith(f"{DAYS:02d}/github/")
    assert kept.body == body_of(sent)


def test_parts_and_targets_carry_the_key_of_the_whole(cloud: DeliveryCloud) -> None:
    cloud.configure(
        "github", KeepBodies=DAYS, Split="body.events", ItemId="body.id", Otherwise="orders"
    )
    cloud.restart()
    document = {"events": [{"id": "a", "by": MARK}, {"id": "b"}]}

    assert cloud.receive(webhook("d-1", document)).document["status"] == "split"

    [kept] = cloud.kept.deliveries()
    assert json.loads(kept.body) == document
    parts = cloud.buffered()
    assert {part.key for part in parts} == {"item:a", "item:b"}
    assert {part.kept for part in parts} == {kept.kept}


def test_copies_for_several_flows_carry_the_key(cloud: DeliveryCloud) -> None:
    ssm, name = boto3.client("ssm"), f"{SOURCE_DOCUMENT}github"
    written = Source.from_document(ssm.get_parameter(Name=name)["Parameter"]["Value"])
    targets = (RouteTarget("orders"), RouteTarget("other"))
    several = replace(written, routes=(Route(targets),))
    ssm.put_parameter(Name=name, Value=several.to_document(), Overwrite=True)
    cloud.restart()

    assert cloud.receive(webhook("d-1")).document["status"] == "split"

    [kept] = cloud.kept.deliveries()
    copies = cloud.buffered()
    assert {copy.key for copy in copies} == {
        f"target:{flow}/{kept.kept}" for flow in ("orders", "other")
    }
    assert {copy.kept for copy in copies} == {kept.kept}


@pytest.mark.parametrize("days", ["91", "-1", "1.5", "a week", ""])
def test_number_of_days_is_checked(cloud: DeliveryCloud, days: str) -> None:
    answer = cloud.provisioned.send(
        "source-create", Name="github", Provider="github", KeepBodies=days
    )

    assert answer["Status"] == "FAILED"
    assert "KeepBodies: must be" in answer["Reason"]


def test_buffered_delivery_has_the_key_until_its_record_is_delivered(cloud: DeliveryCloud) -> None:
    cloud.adobe.faults.add(Fault(Service.INLET, effect=AnswerWith(503), times=1))

    assert cloud.receive(webhook("d-1")).document["status"] == "buffered"
    cloud.forward_what_waits()

    [kept] = cloud.kept.deliveries()
    [record] = cloud.records()
    assert (record["state"], record["kept"]) == ("delivered", kept.kept)
    assert record["sent_as"] == record["xaction_id"]


def test_event_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    queue = "arn:aws:sqs:eu-central-1:123456789012:inlet-bridge-dev-Events-1A2B3C4D5E6F"
    with delivery_cloud(monkeypatch) as cloud:
        cloud.put_source_of_queue(queue, "uploads")
        source = {
            "Name": "uploads", "Verification": "iam", "Connection": "orders", "KeepBodies": "90"
        }  # fmt: skip
        assert cloud.provisioned.ask(action="apply", source=source)["ok"]
        record = {
            "messageId": "m-1",
            "receiptHandle": "r-1",
            "body": '{"detail": {"a": 1}}',
            "attributes": {"ApproximateReceiveCount": "1", "SentTimestamp": "1764403200000"},
            "messageAttributes": {},
            "eventSourceARN": queue,
        }

        assert cloud.take_events({"Records": [record]}) == []

        [kept] = cloud.kept.deliveries()
        [waiting] = cloud.buffered()
        assert kept.body == b'{"detail": {"a": 1}}'
        assert isinstance(waiting, Delivery)
        assert waiting.kept == kept.kept
