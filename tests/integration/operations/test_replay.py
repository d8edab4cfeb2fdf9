"""Tests of `inlet replay` on a stack of moto."""

from copy import replace
from datetime import timedelta
from pathlib import Path

import boto3
import pytest
from botocore.exceptions import ClientError

from bridge.adapters.aws.delivery_items import key_item
from bridge.adapters.aws.sqs import SqsBuffer
from bridge.errors import UnavailableError
from bridge.sources.route import DROP, Route, RouteTarget
from inlet_bridge.operations.replay.rate_limiter import RateLimiter
from tests.support.moto_deployment import NOW
from tests.support.replay_commands import Commands, run, run_json

CLIENT_ERROR = ClientError({"Error": {"Code": "Throttling", "Message": "slowly"}}, "UpdateItem")


def test_delivered_webhooks_are_sent_again_and_their_records_tell(
    commands: Commands, tmp_path: Path
) -> None:
    sent = [commands.receive(f"d-{number}") for number in range(3)]

    printed = run("replay", "github", "--yes", "--rate", "1000")

    assert "3 deliveries of 3 webhooks sent to the buffer again" in printed
    waiting = {each.key: each for each in commands.bridge.waiting()}
    assert waiting.keys() == {each.key for each in sent}
    record = commands.record(sent[0])
    assert record["state"] == "buffered"
    assert record["replay"] == waiting[sent[0].key].replay
    assert "replay" in run("why", "d-0")
    assert "d-0" in run("deliveries", "github", "--state", "buffered")
    assert list(tmp_path.rglob("*.json")) == []


def test_everything_is_sent_after_confirmation_only(
    commands: Commands, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        commands.receive(f"d-{number}")
    monkeypatch.setattr("inlet_bridge.cli.replay.can_ask", lambda: True)

    assert "Send 3 webhooks again? [y/N]" in run("replay", "github", answer="\n", status=1)
    assert "Send 3 webhooks" in run("replay", "github", "--until", "1h", answer="n\n", status=1)
    assert commands.bridge.waiting() == []

    assert "3 deliveries of 3 webhooks sent" in run("replay", "github", answer="y\n")
    assert "Send" not in run("replay", "github", "--id", "d-0")
    assert "Send" not in run("replay", "github", "--dry-run")


@pytest.mark.parametrize("arguments", [(), ("--json",), ("--until", "1m"), ("--to", "a/b")])
def test_everything_is_not_sent_where_nobody_can_be_asked(
    commands: Commands, arguments: tuple[str, ...]
) -> None:
    commands.receive("d-0")

    said = run("replay", "github", *arguments, answer="y\n", status=2)

    assert "Invalid value for --yes: is required to send all kept webhooks again" in said
    assert "--since, --id or --where select some" in said
    assert commands.bridge.waiting() == []


def test_dry_run_counts_and_changes_nothing(commands: Commands) -> None:
    delivery = commands.receive("d-0")
    before = commands.record(delivery)

    printed = run("replay", "github", "--dry-run")

    assert "1 deliveries of 1 webhooks would be sent again. Nothing was changed" in printed
    assert commands.record(delivery) == before
    assert commands.bridge.waiting() == []


def test_what_cannot_be_sent_is_told_with_the_way_out(commands: Commands) -> None:
    commands.configure(
        routes=(
            Route((RouteTarget("events", '{"n": "number(body.n)"}'),), "body.n"),
            Route((RouteTarget("events"),), "number(body.x) == `1`"),
        ),
        otherwise=DROP,
    )
    for number, body in enumerate((b'{"n": "CANARY"}', b"{}", b'{"x": "CANARY"}', b"{")):
        commands.receive(f"d-{number}", body=body)

    printed = run("replay", "github", "--yes", status=1)

    assert "1 do not fit the Map or a schema; `inlet map`" in printed
    assert "1 match no route, and the source says `Otherwise: drop`" in printed
    assert "1 match no route; add one" in printed
    assert "1 cannot be read by the settings of the source" in printed
    assert "CANARY" not in printed


def test_source_that_keeps_nothing_is_told_so(commands: Commands) -> None:
    commands.configure(keep_bodies=0)

    printed = run("replay", "github", "--yes", status=1)

    assert "github keeps no bodies" in printed
    assert "KeepBodies" in printed


def test_unknown_names_are_refused_with_what_there_is(commands: Commands) -> None:
    assert "The sources are github, stripe" in run("replay", "gitlab", "--yes", status=1)
    assert "name the source" in run("replay", status=1)
    assert "is not CONNECTION/FLOW" in run("replay", "github", "--yes", "--to", "a/b", status=1)
    assert "is not the ID of a replay" in run("replay", "--resume", "../x", status=1)
    other = "20261129T000000000Z-000000"
    assert "Repeat its selection" in run("replay", "--resume", other, status=1)


def test_paused_source_is_mentioned(commands: Commands) -> None:
    commands.receive("d-0")
    run("pause", "github")

    assert "github is paused" in run("replay", "github", "--yes")


@pytest.mark.parametrize("error", [KeyboardInterrupt, UnavailableError("SQS"), CLIENT_ERROR])
def test_interrupted_replay_names_the_command_that_continues(
    commands: Commands, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    deliveries = [commands.receive(f"d-{number}") for number in range(5)]
    put_all, calls = SqsBuffer.put_all, iter(range(2))

    def interrupted(*arguments: object) -> None:
        if next(calls, None) is None:
            raise error
        put_all(*arguments)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(SqsBuffer, "put_all", interrupted)
        patch.setattr(RateLimiter, "burst", 1)
        printed = run("replay", "github", "--yes", status=1)
    command = printed.partition("It continues with: inlet ")[2].split()
    assert command[:3] == ["replay", "github", "--resume"]
    assert len(commands.bridge.waiting()) == 2

    run(*command)

    waiting = [each.delivery_id for each in commands.bridge.waiting()]
    assert sorted(waiting) == [each.delivery_id for each in deliveries]


def test_message_in_the_buffer_is_not_sent_twice(commands: Commands) -> None:
    delivery = commands.receive("d-0")
    boto3.client("dynamodb").delete_item(
        TableName=commands.bridge.table, Key=key_item((delivery.source, delivery.key))
    )
    commands.bridge.deliveries.postponed(delivery, "the inlet returned 503", NOW)

    assert "1 wait in the buffer already" in run("replay", "github", "--yes")
    assert commands.bridge.waiting() == []


def test_dead_letter_is_sent_and_its_letter_is_refused_later(commands: Commands) -> None:
    commands.webhooks.append(replace(commands.bridge.buried("d-0"), flow=""))

    run("replay", "github", "--since", "2026-11-01")

    [waiting] = commands.bridge.waiting()
    record = commands.record(waiting)
    assert (record["state"], {"reason", "died_at"} & {*record}) == ("buffered", set())


def test_replay_of_records_is_exact_to_the_receipt(commands: Commands) -> None:
    """A claim that was granted again has a body of its own; the accepted one counts."""
    delivery = commands.receive("d-0")
    earlier = replace(commands.webhooks[0], received_at=delivery.received_at - timedelta(minutes=1))
    commands.webhooks.insert(0, earlier)

    printed = run("replay", "github", "--yes")

    [waiting] = commands.bridge.waiting()
    assert waiting.received_at == delivery.received_at
    assert "1 were received again" in printed


def test_damaged_body_is_reported_and_the_others_are_sent(
    commands: Commands, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(4):
        commands.receive(f"d-{number}")
    commands.store(monkeypatch)
    commands.bridge.kept.damage("d-1")
    commands.bridge.kept.damage("d-3")

    printed = run("replay", "github", "--yes", status=1)

    assert "2 deliveries of 2 webhooks sent to the buffer again" in printed
    assert "2 cannot be read" in printed
    received = commands.webhooks[1].received_at
    assert f"the body that was kept at {received.isoformat()} cannot be read" in printed
    assert "CANARY" not in printed
    assert {each.delivery_id for each in commands.bridge.waiting()} == {"d-0", "d-2"}
    assert run_json("replay", "github", "--yes", status=1)["outcomes"]["unreadable"] == 2
    assert "cannot be read" in run("replay", "github", "--id", "d-1", status=1)
