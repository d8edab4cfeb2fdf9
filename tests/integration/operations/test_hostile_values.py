"""Tests of the commands for a deployed bridge with hostile values from senders."""

import json
from collections.abc import Iterator
from copy import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import boto3
import pytest
from typer.testing import CliRunner

from bridge.adapters.aws.ingestion_records import DynamoDbIngestion
from bridge.delivery.dead_letter import DeadLetterInfo
from bridge.delivery.ingestion import BatchRecord, DatasetProgress, Stage
from bridge.delivery.outcomes import DeadClass
from bridge.delivery.partitions import open_shard, partition
from bridge.delivery.record import State
from bridge.idempotency_keys import id_key
from inlet_bridge.cli import dead_letters, tail
from inlet_bridge.cli.main import app
from inlet_bridge.operations.erasure import erasure
from inlet_bridge.operations.queues import retained_queue
from tests.support.hostile_text import FORGED, HOSTILE, MARKUP, forged_lines, unsafe
from tests.support.moto_deployment import NOW, Bridge, deployed_bridge, received
from tests.support.replay_commands import replay_commands

# A command line cannot contain NUL.
NAME = HOSTILE.replace("\x00", "")
BODIES = (
    json.dumps({HOSTILE: [HOSTILE, "\ud800"]}).encode(),
    json.dumps({HOSTILE: HOSTILE}, ensure_ascii=False).encode(),
    HOSTILE.encode(),
    b"\xff\xfe\x1b[2J\n" + FORGED.encode(),
    b"[" * 100_000,
    b'{"a": NaN, "b": 1e999, "c": ' + b"9" * 5_000 + b"}",
)


@pytest.fixture
def bridge(monkeypatch: pytest.MonkeyPatch) -> Iterator[Bridge]:
    monkeypatch.setattr(dead_letters, "_limit", lambda _: lambda: None)
    with deployed_bridge(monkeypatch) as bridge:
        yield bridge


def run(*arguments: str, status: int = 0, answer: str = "") -> str:
    """Return the output of a command on both streams."""
    result = CliRunner().invoke(
        app, list(arguments), input=answer, env={"COLUMNS": "400", "NO_COLOR": "1"}
    )
    assert result.exit_code == status, result.output
    assert unsafe(result.output) == set()
    assert forged_lines(result.output) == []
    assert "Traceback" not in result.output
    return result.output


def put_row(bridge: Bridge, source: str, delivery_id: str, **others: str) -> None:
    """Store a record in which every value that the bridge does not generate is hostile."""
    names = ("event_type", "flow", "flow_id", "xaction_id", "class", "reason", "next_attempt_at")
    texts = dict.fromkeys((*names, "attempts", "parts", "delivered_at"), HOSTILE)
    texts |= {"state": State.DEAD, "received_at": datetime.now(UTC).isoformat(), **others}
    key = id_key(delivery_id)
    texts |= {"source": partition(source, key), "delivery_id": key, "id": delivery_id}
    texts |= {"open_shard": open_shard(key), "open_since": f"dead {NOW.isoformat()}"}
    boto3.client("dynamodb").put_item(
        TableName=bridge.table, Item={name: {"S": text} for name, text in texts.items()}
    )


def put_dead_letter(bridge: Bridge, body: bytes) -> None:
    """Store a dead letter in which every value is hostile."""
    letter = replace(received(NAME, source=NAME), event_type=HOSTILE, flow=HOSTILE, body=body)
    letter = replace(letter, headers={HOSTILE: HOSTILE})
    now = datetime.now(UTC)
    bridge.dead_letters.put(
        letter.encode(), DeadLetterInfo(DeadClass.INVALID, HOSTILE, 1, now, now)
    )


def test_hostile_records_are_printed_safely(bridge: Bridge) -> None:
    put_row(bridge, "github", NAME)
    put_row(bridge, NAME, "d-1")

    assert MARKUP in run("why", NAME)
    assert MARKUP in run("why", "d-1", "--source", NAME)
    for source in ("github", NAME):
        assert "[/red]" in run("deliveries", source, "--state", "dead")
    assert "[/red]" in run("audit")


def test_hostile_log_lines_are_printed_safely(
    bridge: Bridge, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = {"delivery_id": HOSTILE, "xaction_id": HOSTILE, "reason": HOSTILE}
    for source in ("github", NAME):
        bridge.log("Receiver", {"message": "delivered", "source": source, **said})
        bridge.log(
            "Forwarder", {"message": "delivered", "deliveries": [{"source": source, **said}]}
        )
    bridge.log("Forwarder", {"message": "delivered", "deliveries": "delivery_id github"})
    bridge.log("Forwarder", {"message": ["delivery_id"], "source": "github"})

    refusal = {"message": "refused", "source": HOSTILE, "status": HOSTILE, "reason": HOSTILE}
    bridge.log("Receiver", {**refusal, "request_id": HOSTILE}, {"message": [], "request_id": 1})

    def stop(_: float) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(tail, "time", SimpleNamespace(sleep=stop))
    listed = (("deliveries", "github"), ("deliveries", NAME), ("deliveries", "--refused"))
    for arguments in (*listed, ("tail", "--since", "1m")):
        assert "[/red]" in run(*arguments)
        assert run(*arguments, "--json")


def test_foreign_records_are_printed_safely(bridge: Bridge) -> None:
    put_row(bridge, "github", "d-1", state=HOSTILE)
    put_row(bridge, "stripe", "d-2", received_at=HOSTILE)

    for arguments in (("github", "d-1"), ("stripe", "d-2")):
        for command in (("deliveries", arguments[0], "--state", "dead"), ("why", arguments[1])):
            assert "cannot be read" in run(*command, status=1)


def test_hostile_dead_letters_are_printed_safely(bridge: Bridge) -> None:
    for body in BODIES:
        put_dead_letter(bridge, body)

    assert "[/red]" in run("dead-letters", "list")
    shown = run("dead-letters", "show", NAME)
    assert MARKUP in shown
    assert "\\u202e" in shown
    assert "[/red]" in run("dead-letters", "redrive", "--dry-run")
    run("dead-letters", "drop", answer="n\n", status=1)
    run("dead-letters", "redrive", "--id", NAME)
    assert len(bridge.waiting()) == len(BODIES)


def test_malformed_dead_letters_are_printed_safely(bridge: Bridge) -> None:
    boto3.client("sqs").send_message(
        QueueUrl=bridge.dead_letters_url,
        MessageBody=HOSTILE,
        MessageAttributes={
            "class": {"DataType": "String", "StringValue": HOSTILE},
            "reason": {"DataType": "Binary", "BinaryValue": HOSTILE.encode()},
            "attempts": {"DataType": "String", "StringValue": HOSTILE},
            "died_at": {"DataType": "String", "StringValue": "2026-11-28T12:00:00"},
        },
    )
    put_dead_letter(bridge, b"{}")

    assert "[/red]" in run("dead-letters", "list")
    assert "cannot be read" in run("dead-letters", "redrive", status=1)
    run("dead-letters", "drop", "--yes")


def test_hostile_replays_are_printed_safely(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with replay_commands(monkeypatch, tmp_path) as commands:
        for number, body in enumerate(BODIES):
            commands.receive(f"{NAME}{number}", body=body, event_type=HOSTILE)
        for source in ("github", NAME):
            delivery = commands.receive(NAME, source=source, event_type=HOSTILE)
            commands.fail(delivery, HOSTILE, batch=HOSTILE, xaction_id=HOSTILE, flow=HOSTILE)

        run("replay", "github", "--dry-run", status=1)
        run("replay", "github", "--where", f'body."{MARKUP}" || body.{NAME}', status=1)
        for arguments in (
            ("--yes", "--to", f"{NAME}/x"),
            ("--resume", NAME),
            ("--id", "none" + NAME),
        ):
            run("replay", "github", *arguments, status=1)
        run("replay", NAME, "--yes", status=1)
        run("replay", "github", "--since", NAME, status=2)
        assert "[/red]" in run("failed", "list")
        assert json.loads(run("failed", "list", "--json"))["failed"][0]["batch"] == HOSTILE
        assert MARKUP in run("failed", "show", NAME, "--values")
        run("failed", "show", f"none{NAME}", status=1)
        run("failed", "replay", "--dry-run", status=1)
        run("failed", "replay", "--json", status=1)
        run("failed", "replay", "--id", f"none{NAME}", status=1)
        run("failed", "drop", answer="n\n", status=1)
        run("failed", "drop", "--yes")


def test_hostile_unknown_names_are_printed_safely(bridge: Bridge) -> None:
    for arguments in (
        *(("deliveries", NAME), ("why", NAME), ("pause", NAME), ("dead-letters", "show", NAME)),
        ("drain", NAME),
        ("resume", "--connection", NAME),
    ):
        assert "evil.example" in run(*arguments, status=1)


def test_hostile_batches_are_printed_safely(bridge: Bridge) -> None:
    records = DynamoDbIngestion(boto3.client("dynamodb"), bridge.table, lambda: NOW)
    path = "/inlet-bridge/dev/connections/webhooks/flows/events"
    for name, value in (("flow_id", "f"), ("dataset_id", "65f0c1a2b3d4e5f60718293a")):
        boto3.client("ssm").put_parameter(Name=f"{path}/{name}", Value=value, Type="String")
    dataset, created = "65f0c1a2b3d4e5f60718293a", int(datetime.now(UTC).timestamp() * 1_000)
    records.save_dataset(DatasetProgress(dataset, created, listed_at=NOW, problem=HOSTILE))
    records.save_batch(
        BatchRecord(
            *(dataset, HOSTILE, created, HOSTILE),
            stage=Stage.READ,
            failed=2,
            unknown=2,
            flows={HOSTILE: 2},
            reasons={HOSTILE: 2},
        )
    )

    assert "[/red]" in run("ingested", status=1)
    assert json.loads(run("ingested", "--json", status=1))["batches"][0]["batch"] == HOSTILE
    run("ingested", "--settle", f"none{NAME}", status=1)


def test_hostile_webhooks_are_erased_and_reported_safely(
    bridge: Bridge, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retained_queue, "_LONG_POLL_SECONDS", 0)
    monkeypatch.setattr(erasure, "_POLL_SECONDS", 0)
    for number, body in enumerate(BODIES):
        delivery = replace(received(f"{NAME}{number}", source=NAME), event_type=HOSTILE, body=body)
        bridge.buffer.put(delivery, timedelta(0))
        put_dead_letter(bridge, body)

    where = f"body.{json.dumps(MARKUP)} == 'x' || event_type == 'none'"
    assert "[/red]" in run("erase", "--where", where, "--dry-run")
    run("erase", "--where", where, "--wait", "0", "--yes", status=1)
    run("erase", "--where", f"{NAME}(", "--dry-run", status=1)
