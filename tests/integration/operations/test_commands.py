"""Tests of the commands for a deployed bridge, on a stack of moto."""

import gzip
from collections.abc import Iterator
from copy import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
from botocore.client import BaseClient
from botocore.paginate import PageIterator
from typer.testing import CliRunner

from bridge.adapters.aws.delivery_items import key_item
from bridge.deduplication import content_key
from bridge.delivery.outcomes import DeadClass
from bridge.sources.configured import RESUMED
from inlet_bridge.cli.main import app
from tests.support.moto_deployment import NOW, Bridge, deployed_bridge, received, texts


@pytest.fixture
def bridge(monkeypatch: pytest.MonkeyPatch) -> Iterator[Bridge]:
    with deployed_bridge(monkeypatch) as bridge:
        yield bridge


def run(*arguments: str, status: int = 0) -> str:
    """Return the output of a command."""
    return " ".join(" ".join(run_lines(*arguments, status=status)).split())


def run_lines(*arguments: str, status: int = 0) -> list[str]:
    """Return the lines of the output of a command."""
    result = CliRunner().invoke(app, list(arguments), env={"NO_COLOR": "1"})
    assert result.exit_code == status, result.output
    return result.output.splitlines()


def outcome(message: str, delivery_id: str, source: str = "github", **others: str) -> Any:
    """What a function logs of one delivery."""
    return {"message": message, "source": source, "delivery_id": delivery_id, **others}


def batch(*delivery_ids: str, source: str = "github") -> Any:
    """What the forwarder logs of a batch."""
    each = [
        {"source": source, "delivery_id": name, "xaction_id": f"x-{name}"} for name in delivery_ids
    ]
    return {"message": "delivered", "flow_id": "f", "deliveries": each}


def test_deliveries_are_listed_newest_first_with_their_last_outcome(bridge: Bridge) -> None:
    hour = timedelta(hours=1)
    bridge.log("Receiver", outcome("delivered", "old", xaction_id="1:2:3"), ago=5 * hour)
    bridge.log("Receiver", outcome("buffered", "new"), outcome("buffered", "sent"), ago=3 * hour)
    bridge.log("Forwarder", outcome("postponed", "new", reason="503"), ago=2 * hour)
    bridge.log("Forwarder", batch("sent", "other"), batch("foreign", source="stripe"), ago=hour)
    bridge.log("Receiver", outcome("verified", "debug"), outcome("filtered", "x", source="stripe"))

    lines = [line.split() for line in run_lines("deliveries", "github") if "github" in line]

    assert [(words[3], words[4], words[5:]) for words in lines] == [
        ("delivered", "other", ["x-other"]),
        ("delivered", "sent", ["x-sent"]),
        ("buffered", "new", ["503"]),
        ("delivered", "old", ["1:2:3"]),
    ]


def test_listed_deliveries_are_limited_and_since_a_time(bridge: Bridge) -> None:
    for number in range(4):
        ago = timedelta(hours=number, minutes=1)
        bridge.log("Receiver", outcome("delivered", f"d-{number}"), ago=ago)
    since = datetime.now(UTC) - timedelta(hours=2, minutes=30)

    logged = run("deliveries", "github", "--limit", "2")
    assert [name in logged for name in ("d-0", "d-1", "d-2", "d-3")] == [True, True, False, False]
    assert "There are more: --page 2" in logged
    logged = run("deliveries", "github", "--since", f"{since:%Y-%m-%dT%H:%M:%S}")
    assert [name in logged for name in ("d-0", "d-1", "d-2", "d-3")] == [True, True, True, False]


def test_lines_of_a_day_ago_are_found_in_few_requests(
    bridge: Bridge, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each window is four times as long as the one before."""
    bridge.log("Receiver", outcome("delivered", "d-1"), ago=timedelta(hours=23))
    paginate: Any = PageIterator.__iter__
    searched: list[Any] = []

    def recorded(pages: Any) -> Any:
        searched.append(pages)
        return paginate(pages)

    monkeypatch.setattr(PageIterator, "__iter__", recorded)

    assert "d-1" in run("deliveries", "github")

    assert 0 < len(searched) <= 20


@pytest.mark.parametrize("state", ["buffered", "dead"])
def test_open_deliveries_are_listed_from_the_table(bridge: Bridge, state: str) -> None:
    bridge.deliveries.delivered(received("sent"), "flow", "1:2:3")
    bridge.deliveries.postponed(received("waits"), "the inlet returned 503", NOW)
    bridge.deliveries.postponed(received("waits longer", minutes=-5), "the inlet returned 503", NOW)
    bridge.deliveries.postponed(received("foreign", source="stripe"), "503", NOW)
    bridge.buried("dead")

    logged = run("deliveries", "github", "--state", state)

    assert ("waits" in logged) == (state == "buffered")
    assert ("the inlet returned 400" in logged) == (state == "dead")
    assert "sent" not in logged
    assert "foreign" not in logged
    if state == "buffered":
        assert "the inlet returned 503" in logged
        logged = run("deliveries", "github", "--state", "buffered", "--limit", "1")
        assert "waits longer" not in logged
        assert "There are more: --page 2" in logged


def test_deliveries_are_filtered_by_state(bridge: Bridge) -> None:
    bridge.log("Receiver", outcome("delivered", "first"), outcome("filtered", "second"))

    logged = run("deliveries", "github", "--state", "filtered")

    assert "second" in logged
    assert "first" not in logged
    assert "are not listed" in run("deliveries", "github", "--state", "claimed", status=1)


def test_source_without_deliveries_is_reported(bridge: Bridge) -> None:
    logged = run("deliveries", "stripe", status=1)

    assert "no deliveries of stripe are logged" in logged
    assert "rejected requests" in logged
    logged = run("deliveries", "stripe", "--state", "dead", status=1)
    assert "no deliveries of stripe are dead" in logged


def test_why_prints_the_history_of_a_delivery(bridge: Bridge) -> None:
    bridge.buried("d-1", source="stripe", kind=DeadClass.TOO_LARGE)

    logged = run("why", "d-1")

    assert "stripe d-1" in logged
    assert "it is a dead letter" in logged
    assert "too large" in logged
    assert "the inlet returned 400" in logged


def test_why_finds_a_delivery_of_a_deleted_source_by_its_name(bridge: Bridge) -> None:
    bridge.deliveries.delivered(received("d-1", source="gone"), "flow", "1:2:3")

    assert "see --source" in run("why", "d-1", status=1)
    assert "gone d-1" in run("why", "d-1", "--source", "gone")


def test_why_prints_the_log_of_a_delivery_that_its_content_identifies(bridge: Bridge) -> None:
    by_content = replace(received("d-1"), key=content_key([b"{}"]))
    bridge.deliveries.delivered(by_content, "flow", "1:2:3")
    hour = timedelta(hours=1)
    bridge.log("Receiver", outcome("buffered", "d-1"), outcome("delivered", "d-10"), ago=2 * hour)
    bridge.log("Forwarder", batch("d-0", "d-1"), ago=hour)

    logged = run("why", "d-1")

    assert logged.index("buffered") < logged.index("x-d-1")
    assert "d-0" not in logged
    assert "d-10" not in logged


def test_why_explains_an_unknown_delivery(bridge: Bridge) -> None:
    assert "It was rejected" in run("why", "d-1", status=1)


@pytest.mark.parametrize(
    ("arguments", "name"),
    [(("github",), "sources/github"), (("--connection", "webhooks"), "connections/webhooks")],
)
def test_pause_is_a_parameter_that_is_overwritten_when_it_ends(
    bridge: Bridge, arguments: tuple[str, ...], name: str
) -> None:
    ssm = boto3.client("ssm")
    parameter = f"/inlet-bridge/dev/{name}/paused"

    assert "is paused" in run("pause", *arguments)
    assert ssm.get_parameter(Name=parameter)
    assert "is resumed" in run("resume", *arguments)
    assert ssm.get_parameter(Name=parameter)["Parameter"]["Value"] == RESUMED
    assert "was not paused" in run("resume", *arguments)
    assert "is paused" in run("pause", *arguments)
    assert ssm.get_parameter(Name=parameter)["Parameter"]["Value"] != RESUMED


def test_pause_of_an_unknown_source_is_rejected(bridge: Bridge) -> None:
    assert "there is no source gitlab" in run("pause", "gitlab", status=1)
    assert "there is no connection other" in run("pause", "--connection", "other", status=1)
    assert "either a source or a --connection" in run("pause", status=1)


def test_listed_dead_letters_stay_in_the_queue(bridge: Bridge) -> None:
    bridge.buried("d-2", died_at=NOW + timedelta(hours=1))
    bridge.buried("d-1")

    logged = run("dead-letters", "list")

    assert logged.index("d-1") < logged.index("d-2")
    assert "invalid message" in logged
    assert bridge.dead() == {"d-1", "d-2"}


@pytest.mark.parametrize(
    "arguments",
    [
        ("--source", "stripe"),
        ("--class", "expired"),
        ("--since", "2026-11-20T13:00:00"),
    ],
)
def test_dead_letters_are_filtered(bridge: Bridge, arguments: tuple[str, ...]) -> None:
    bridge.buried(
        "wanted", source="stripe", kind=DeadClass.EXPIRED, died_at=NOW + timedelta(days=1)
    )
    bridge.buried("other")

    logged = run("dead-letters", "list", *arguments)

    assert "wanted" in logged
    assert "other" not in logged
    assert "other" in run("dead-letters", "list", "--until", "2026-11-20T12:00:00")


def test_dead_letter_is_printed_with_its_payload(bridge: Bridge) -> None:
    bridge.buried("d-1")

    assert '"a": "café"' in run("dead-letters", "show", "d-1")


def test_dead_letter_is_printed_readably_whatever_its_form(bridge: Bridge) -> None:
    """Its bytes are those that the sender sent."""
    packed = gzip.compress('{"a":"café"}'.encode("cp1252"))
    typed = "application/json; charset=windows-1252"
    changes = {"body": packed, "kind": "received", "content_type": typed}
    bridge.buried("d-1", changes=changes)

    assert '"a": "café"' in run("dead-letters", "show", "d-1")


def test_redriven_dead_letter_is_buffered_under_its_own_id(bridge: Bridge) -> None:
    buried = bridge.buried("d-1")
    bridge.buried("d-2")

    logged = run("dead-letters", "redrive", "--id", "d-1", "--rate", "1000")

    assert "1 moved to the buffer" in logged
    [waiting] = bridge.waiting()
    assert replace(waiting, buffered_at=buried.buffered_at, sends=0) == buried
    assert waiting.buffered_at > buried.buffered_at
    assert bridge.dead() == {"d-2"}
    assert "buffered" in run("why", "d-1")


def test_event_that_eventbridge_could_not_deliver_is_redriven_to_the_queue_of_events(
    bridge: Bridge,
) -> None:
    event = '{"id":"e-1","detail-type":"Object Created","source":"aws.s3","detail":{}}'
    attributes = {
        "RULE_ARN": "arn:aws:events:eu-central-1:123456789012:rule/inlet-bridge-dev-EventRule-1",
        "TARGET_ARN": "arn:aws:sqs:eu-central-1:123456789012:inlet-bridge-dev-Events-1",
        "ERROR_CODE": "NO_PERMISSIONS",
        "ERROR_MESSAGE": "not authorized to perform sqs:SendMessage",
    }
    boto3.client("sqs").send_message(
        QueueUrl=bridge.dead_letters_url,
        MessageBody=event,
        MessageAttributes={
            name: {"DataType": "String", "StringValue": value} for name, value in attributes.items()
        },
    )

    listed = run("dead-letters", "list")
    logged = run("dead-letters", "redrive", "--rate", "1000")

    assert "undelivered" in listed
    assert "1 to the queue of events" in logged
    assert texts(bridge.events_url) == [event]
    assert texts(bridge.dead_letters_url) == []
    assert bridge.waiting() == []


def test_event_is_redriven_to_its_own_queue_if_there_are_several(bridge: Bridge) -> None:
    sqs, name = boto3.client("sqs"), "team-sources-Events-2B3C4D5E6F7A"
    url = sqs.create_queue(QueueName=name)["QueueUrl"]
    parameter = f"/inlet-bridge/dev/queues/{name}"
    boto3.client("ssm").put_parameter(Name=parameter, Value="orders", Type="String")
    place = "eu-central-1:123456789012"
    attributes = {
        "RULE_ARN": f"arn:aws:events:{place}:rule/inlet-bridge-dev-orders",
        "TARGET_ARN": f"arn:aws:sqs:{place}:{name}",
    }
    sqs.send_message(
        QueueUrl=bridge.dead_letters_url,
        MessageBody='{"id":"e-1"}',
        MessageAttributes={
            key: {"DataType": "String", "StringValue": value} for key, value in attributes.items()
        },
    )

    assert "1 to the queue of events" in run("dead-letters", "redrive", "--rate", "1000")
    assert texts(url) == ['{"id":"e-1"}']
    assert texts(bridge.events_url) == []


def test_event_that_sqs_moved_is_redriven_with_its_attributes(
    bridge: Bridge, monkeypatch: pytest.MonkeyPatch
) -> None:
    sqs = boto3.client("sqs")
    arn = sqs.get_queue_attributes(QueueUrl=bridge.events_url, AttributeNames=["QueueArn"])
    call = BaseClient._make_api_call  # type: ignore[attr-defined] # noqa: SLF001

    def as_sqs(self: BaseClient, operation: str, given: dict[str, Any]) -> Any:
        """Moto does not return the queue from which SQS has moved a message."""
        answer = call(self, operation, given)
        if "DeadLetterQueueSourceArn" in given.get("MessageSystemAttributeNames", []):
            for message in answer.get("Messages", []):
                message["Attributes"]["DeadLetterQueueSourceArn"] = arn["Attributes"]["QueueArn"]
        return answer

    monkeypatch.setattr(BaseClient, "_make_api_call", as_sqs)
    sqs.send_message(
        QueueUrl=bridge.dead_letters_url,
        MessageBody='{"a":1}',
        MessageAttributes={"source": {"DataType": "String", "StringValue": "uploads"}},
    )

    assert "given up" in run("dead-letters", "list")
    assert "1 to the queue of events" in run("dead-letters", "redrive", "--rate", "1000")
    answer: Any = sqs.receive_message(QueueUrl=bridge.events_url, MessageAttributeNames=["All"])
    [message] = answer["Messages"]
    assert message["Body"] == '{"a":1}'
    assert message["MessageAttributes"]["source"]["StringValue"] == "uploads"


def test_dry_run_changes_nothing(bridge: Bridge) -> None:
    bridge.buried("d-1")

    assert "Nothing was changed" in run("dead-letters", "redrive", "--dry-run")
    assert "Nothing was changed" in run("dead-letters", "drop", "--dry-run")
    assert bridge.dead() == {"d-1"}
    assert bridge.waiting() == []


def test_delivered_message_is_not_redriven(bridge: Bridge) -> None:
    buried = bridge.buried("d-1")
    bridge.deliveries.delivered(buried, "flow", "1:2:3")

    logged = run("dead-letters", "redrive", "--rate", "1000", status=1)

    assert "was delivered or erased meanwhile" in logged
    assert bridge.waiting() == []
    assert bridge.dead() == {"d-1"}


def test_malformed_dead_letter_is_listed_and_can_be_dropped(bridge: Bridge) -> None:
    boto3.client("sqs").send_message(QueueUrl=bridge.dead_letters_url, MessageBody="alien")

    assert "given up" in run("dead-letters", "list")
    assert "cannot be read" in run("dead-letters", "redrive", "--rate", "1000", status=1)
    assert "1 dead letters were deleted" in run("dead-letters", "drop", "--yes")
    assert texts(bridge.dead_letters_url) == []


def test_drop_asks_for_confirmation(bridge: Bridge) -> None:
    bridge.buried("d-1")

    run("dead-letters", "drop", status=1)

    assert bridge.dead() == {"d-1"}


def test_empty_dead_letter_queue_is_not_a_failure(bridge: Bridge) -> None:
    assert "There are no such dead letters" in run("dead-letters", "list")
    assert "There are no such dead letters" in run("dead-letters", "redrive")
    assert "there is no dead letter d-1" in run("dead-letters", "show", "d-1", status=1)


def test_dropped_dead_letter_is_not_open_any_more(bridge: Bridge) -> None:
    bridge.buried("d-1")

    run("dead-letters", "drop", "--yes")

    assert "no deliveries of github are dead" in run(
        "deliveries", "github", "--state", "dead", status=1
    )
    assert "github d-1" in run("why", "d-1")


def test_redriven_delivery_whose_record_has_expired_can_be_read(bridge: Bridge) -> None:
    buried = bridge.buried("d-1")
    boto3.client("dynamodb").delete_item(
        TableName=bridge.table, Key=key_item((buried.source, buried.key))
    )

    run("dead-letters", "redrive", "--rate", "1000")

    assert "d-1" in run("deliveries", "github", "--state", "buffered")


def test_balance_agrees_if_every_delivery_is_accounted_for(bridge: Bridge) -> None:
    bridge.deliveries.delivered(received("d-1"), "flow", "x")
    bridge.deliveries.postponed(received("d-2"), "the inlet returned 503", NOW)
    bridge.buffer.put(received("d-2"), timedelta(0))
    bridge.buried("d-3", source="stripe")

    logged = run("audit")

    assert "github 1 0" in logged
    assert "stripe 0 1" in logged
    assert "all 1 1" in logged
    assert "in the queues 1 1" in logged


def test_balance_reports_unaccounted_deliveries(bridge: Bridge) -> None:
    bridge.deliveries.postponed(received("d-2"), "the inlet returned 503", NOW)

    assert "1 deliveries are recorded as buffered and are not in the buffer" in run(
        "audit", status=1
    )


def test_missing_stack_is_named(bridge: Bridge) -> None:
    logged = run("audit", "--stack", "other", status=1)

    assert "there is no stack other here" in logged
    assert "--stack" in logged
