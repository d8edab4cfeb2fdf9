"""What the sources of the samples received: each state of a delivery and of a message."""

import json
from typing import Any, Final

import boto3
import pytest

from adobe_emulator.faults import AnswerWith, Fault, Service
from adobe_emulator.lake import PlannedFailure
from bridge.adapters.aws.dynamodb import DynamoDbDeliveries
from tests.compatibility.history import requests
from tests.compatibility.installation import Installation
from tests.support.replay_bench import KilledError

_REJECTED: Final = "[mistyped] is not a valid date-time. Expected [yyyy-MM-dd'T'HH:mm:ssZ]"


def receive(installation: Installation, *events: dict[str, Any]) -> None:
    """Let the receiver accept webhooks."""
    for event in events:
        response = installation.cloud.receive(event)
        assert response.status in {200, 202, 204}, (event["rawPath"], response)


def fail_inlet(installation: Installation, status: int = 503) -> None:
    """Let the inlet answer with a status until it works again."""
    fault = Fault(Service.INLET, times=None, effect=AnswerWith(status))
    installation.cloud.adobe.faults.add(fault)


def expire(installation: Installation) -> None:
    """A delivery that could not be sent for three days."""
    fail_inlet(installation)
    receive(installation, requests.plain("private", "expired", email="a@example.com"))
    installation.pass_time(hours=73)
    installation.forward()
    installation.cloud.adobe.faults.clear()


def first_webhooks() -> dict[str, dict[str, Any]]:
    """One of each source that works, by the name of the source."""
    return {
        **requests.preset_requests(1),
        "forms": requests.form("form-1"),
        "private": requests.plain(
            "private", "private-1", email="a@example.com", name="Jo", card="4111"
        ),
        "split": requests.split("split-1"),
        "positions": requests.plain("positions", "positions-1", items=[{"n": 1}, {"n": 2}]),
        "packed": requests.plain(
            "packed", "packed-1", attributes={f"field{each}": each for each in range(160)}
        ),
        "content": requests.custom_request("content", {"type": "measured", "value": 7}),
        "paused": requests.plain("paused", "paused-1"),
        "own": requests.custom_request(
            "own", {"id": "own-1", "type": "t", "order": {"id": "o-1", "total": 1.5}}
        ),
        "checked": requests.plain("checked", "checked-1"),
        "raw": requests.plain("raw", "raw-1"),
        "moved": requests.plain("moved", "moved-1"),
        "adopted": requests.plain("adopted", "adopted-1"),
        "alone": requests.plain("alone", "alone-1"),
        "compressed": requests.compressed("compressed-1"),
        "partial": requests.partial("partial-1"),
        "url": requests.signed_url("url-1"),
        "asana": requests.registered(1),
        "stripe": requests.subscribed(1),
    }


def keep_and_reject(installation: Installation) -> None:
    """Deliver webhooks whose bodies are kept; Adobe rejects one of them later."""
    adobe = installation.cloud.adobe
    adobe.lake.plan(PlannedFailure("mistyped", _REJECTED))
    receive(
        installation,
        requests.plain("private", "kept-large", text=_digits(30_000)),
        requests.plain("private", "kept-person", email="b@example.com"),
        requests.plain("private", "rejected-1", text="mistyped"),
        requests.plain("private", "dropped-1", text="mistyped"),
        requests.custom_request("content", {"type": "mistyped"}),
    )
    installation.pass_time(minutes=1)
    assert installation.reconcile()["ok"]
    installation.pass_time(hours=2)
    answer = installation.reconcile()
    assert answer["rejected"] > 1, answer
    receive(installation, requests.plain("private", "after-1"))
    installation.pass_time(minutes=1)


def drop_failed(installation: Installation) -> None:
    """Close a failed record that nobody will send again."""
    status, output = installation.command("failed", "drop", "--id", "dropped-1", "--yes")
    assert status == 0, output
    assert "1 failed records were closed" in output


def replay(installation: Installation) -> None:
    """Replay a delivered webhook."""
    status, output = installation.command("replay", "github", "--id", "github-1", "--since", "1d")
    assert status == 0, output
    installation.forward()


def dead_letter(installation: Installation) -> None:
    """Let messages die, for each reason."""
    receive(
        installation,
        requests.plain("unrouted", "no-route-1"),
        requests.plain("checked", "invalid-1", type=["not", "a", "text"]),
    )
    fail_inlet(installation)
    receive(
        installation,
        requests.plain("removed", "unknown-1"),
        requests.plain("long", "too-large-1", text="long " * 10_000),
        requests.plain("private", "invalid-2"),
    )
    installation.cloud.adobe.faults.clear()
    fail_inlet(installation, 400)
    deleted = installation.cloud.provisioned.send(
        "source-delete", "inlet-bridge/dev/sources/removed", Name="removed"
    )
    assert deleted["Status"] == "SUCCESS", deleted["Reason"]
    for text in ("not a delivery", '{"version":0}\n{}', '{"version":3,"source":'):
        boto3.client("sqs").send_message(QueueUrl=installation.cloud.buffer, MessageBody=text)
    installation.pass_time(minutes=2)
    installation.forward()
    installation.cloud.adobe.faults.clear()
    _dead_letter_event(installation)


def _dead_letter_event(installation: Installation) -> None:
    """An event that EventBridge could not deliver to the queue of events."""
    queue = installation.events.rpartition("/")[2]
    attributes = {
        "RULE_ARN": "arn:aws:events:eu-central-1:123456789012:rule/uploads",
        "TARGET_ARN": f"arn:aws:sqs:eu-central-1:123456789012:{queue}",
        "ERROR_CODE": "NO_PERMISSIONS",
        "ERROR_MESSAGE": "No permissions to send the event to the target",
    }
    boto3.client("sqs").send_message(
        QueueUrl=installation.cloud.dead_letters,
        MessageBody=json.dumps(queue_event("undelivered", "orders/0.csv")),
        MessageAttributes={
            name: {"DataType": "String", "StringValue": text} for name, text in attributes.items()
        },
    )


def buffer(installation: Installation) -> None:
    """Leave messages in the buffer: each kind, some of which were tried before."""
    fail_inlet(installation)
    receive(
        installation,
        requests.preset_request("github", 7),
        requests.subscribed(7),
        requests.plain("private", "waiting-private", email="a@example.com"),
        requests.split("waiting-split"),
        requests.form("waiting-form"),
        requests.compressed("waiting-compressed"),
        requests.plain("raw", "waiting-raw"),
        requests.plain("adopted", "waiting-adopted"),
    )
    for minutes in (1, 5, 30):
        installation.pass_time(minutes=minutes)
        installation.forward()
    status, output = installation.command("replay", "private", "--id", "after-1", "--since", "1d")
    assert status == 0, output
    installation.pass_time(minutes=1)
    receive(
        installation,
        requests.plain("private", "waiting-long", text="long " * 12_000),
        requests.preset_request("github", 8),
        requests.form("waiting-new-form"),
        requests.plain("paused", "waiting-paused"),
        requests.plain("private", "erased-1", email="erased@example.com"),
    )


def erase(installation: Installation) -> None:
    """Erase what concerns a person."""
    where = "contains(to_string(body), 'erased-1')"
    given = ("erase", "--where", where, "--source", "private", "--wait", "0", "--yes")
    status, output = installation.command(*given)
    assert "1" in output, (status, output)


def kill(installation: Installation) -> None:
    """Kill a receiver that had sent a webhook, and a forwarder that had."""

    def die(*_: object) -> None:
        raise KilledError

    installation.cloud.adobe.faults.clear()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DynamoDbDeliveries, "delivered", die)
        patch.setattr(DynamoDbDeliveries, "delivered_all", die)
        with pytest.raises(KilledError):
            installation.cloud.receive(requests.preset_request("github", 9))
        fail_inlet(installation)
        receive(installation, requests.plain("moved", "killed-1"))
        installation.cloud.adobe.faults.clear()


def send_events(installation: Installation) -> None:
    """Leave events in their queue, one of which names its source."""
    sqs = boto3.client("sqs")
    first = queue_event("17793124-05d4-b198-2fde-7ededc63b103", "orders/1.csv")
    sqs.send_message(QueueUrl=installation.events, MessageBody=json.dumps(first))
    sqs.send_message(
        QueueUrl=installation.events,
        MessageBody='{"detail":{"key":"orders/2.csv"}}',
        MessageAttributes={"tenant": {"DataType": "String", "StringValue": "eu"}},
    )


def queue_event(name: str, key: str) -> dict[str, Any]:
    """An event of EventBridge."""
    return {
        "version": "0",
        "id": name,
        "detail-type": "Object Created",
        "source": "aws.s3",
        "account": "123456789012",
        "time": "2026-11-23T08:00:00Z",
        "region": "eu-central-1",
        "resources": ["arn:aws:s3:::invented"],
        "detail": {"key": key},
    }


def _digits(count: int) -> str:
    """Digits that do not compress much."""
    number = pow(7, count * 2)
    return hex(number)[2 : count + 2]
