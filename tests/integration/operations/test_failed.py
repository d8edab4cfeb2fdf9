"""Tests of `inlet failed` on a stack of moto."""

from copy import replace
from datetime import UTC, datetime, timedelta

import pytest

from bridge.adapters.aws.sqs import SqsBuffer
from bridge.idempotency_keys import target_key
from bridge.sources.route import Route, RouteTarget
from inlet_bridge.operations.replay.rate_limiter import RateLimiter
from tests.support.replay_commands import REASON, Commands, run, run_json


def test_failed_records_are_listed_with_adobes_reason_and_counted(commands: Commands) -> None:
    for number in range(3):
        commands.fail(commands.receive(f"d-{number}"))
    commands.fail(commands.receive("d-3"), "type at #/body/xdmEntity/n")
    commands.fail(commands.receive("d-4", source="stripe"))
    commands.receive("d-5")

    printed = run("failed", "list", "--source", "github")

    assert REASON in printed
    assert f"3 github {REASON}" in printed
    assert "4 all" in printed
    assert "d-4" not in printed
    assert "d-5" not in printed
    found = run_json("failed", "list", "--limit", "2")
    assert found["total"] == 5
    assert len(found["failed"]) == 2
    assert found["reasons"][0] == {"source": "github", "reason": REASON, "count": 3}
    assert found["failed"][0]["pointer"] == "#/body/xdmEntity/loyaltyId"
    assert found["failed"][0]["batch"] == "01ABC"
    assert found["failed"][0]["kept"] is True


def test_failed_records_are_selected_by_time_and_reason(commands: Commands) -> None:
    old = (datetime.now(UTC) - timedelta(days=2)).isoformat()
    commands.fail(commands.receive("d-0"), failed_at=old)
    commands.fail(commands.receive("d-1"), "enum at #/body/xdmEntity/tier")
    commands.fail(commands.receive("d-2"))

    def listed(*arguments: str) -> set[str]:
        found = run_json("failed", "list", *arguments)["failed"]
        return {each["delivery_id"] for each in found}

    assert listed("--since", "1d") == {"d-1", "d-2"}
    assert listed("--reason", "TIER") == {"d-1"}
    for command in ("list", "replay", "drop"):
        nothing = run("failed", command, "--reason", "other")
        assert "There are no such failed records. The reasons are: " in nothing
        assert "enum at #/body/xdmEntity/tier (1)" in nothing
    assert "there is no source githb" in run("failed", "list", "--source", "githb", status=1)


def test_replay_sends_exactly_the_failed_records(commands: Commands) -> None:
    deliveries = [commands.receive(f"d-{number}") for number in range(6)]
    for each in deliveries[:3]:
        commands.fail(each)

    printed = run("failed", "replay", "--rate", "1000")

    assert "3 deliveries sent to the buffer again" in printed
    waiting = {each.delivery_id: each for each in commands.bridge.waiting()}
    assert waiting.keys() == {"d-0", "d-1", "d-2"}
    assert all(each.sends == 1 and each.kept == each.key for each in waiting.values())
    record = commands.record(deliveries[0])
    assert record["state"] == "buffered"
    assert not {"failure", "batch", "failed_at"} & record.keys()
    assert commands.record(deliveries[5])["state"] == "delivered"
    assert "There are no such failed records" in run("failed", "replay")


def test_of_several_messages_of_a_webhook_only_the_failed_one_is_sent(commands: Commands) -> None:
    flows = dict.fromkeys(("events", "orders"), commands.configure().flows["events"])
    commands.configure(flows=flows, routes=(Route((RouteTarget("events"), RouteTarget("orders"))),))
    whole = commands.receive("d-0")
    part = replace(
        whole, flow="orders", key=target_key(whole.key, "orders"), delivery_id="d-0/orders"
    )
    commands.bridge.deliveries.delivered(part, "flow", "x:1")
    commands.fail(part)

    run("failed", "replay")

    assert [each.key for each in commands.bridge.waiting()] == [part.key]


@pytest.mark.parametrize("step", ["before", "after"])
def test_interrupted_replay_of_failed_records_continues(
    commands: Commands, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """Also where a record was opened and its message is not in the buffer."""
    for number in range(4):
        commands.fail(commands.receive(f"d-{number}"))
    put_all, calls = SqsBuffer.put_all, iter(range(1))

    def interrupted(*arguments: object) -> None:
        again = next(calls, None) is not None
        if again or step == "after":
            put_all(*arguments)  # type: ignore[arg-type]
        if not again:
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(SqsBuffer, "put_all", interrupted)
        patch.setattr(RateLimiter, "burst", 1)
        printed = run("failed", "replay", status=1)
    assert "the replay was interrupted" in printed
    command = printed.partition("It continues with: inlet ")[2].split()
    assert command[:3] == ["failed", "replay", "--resume"]

    run(*command)

    waiting = {each.delivery_id for each in commands.bridge.waiting()}
    assert waiting == {f"d-{number}" for number in range(4)}
    assert "There are no such failed records" in run("failed", "replay")


def test_record_that_was_sent_meanwhile_is_left_alone(
    commands: Commands, monkeypatch: pytest.MonkeyPatch
) -> None:
    delivery = commands.receive("d-0")
    commands.fail(delivery)
    find = Commands.find

    def deliver(self: Commands, *arguments: object) -> object:
        commands.bridge.deliveries.delivered_all([(delivery, "x:2")], "flow")
        return find(self, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(Commands, "find", deliver)

    assert "1 were sent already" in run("failed", "replay")
    assert commands.bridge.waiting() == []


def test_what_cannot_be_sent_is_told_with_the_way_out(commands: Commands) -> None:
    lost, unmapped, gone = (commands.receive(f"d-{number}") for number in range(3))
    for each in (lost, unmapped, gone):
        commands.fail(each)
    commands.fail(commands.receive("d-3", source="stripe"))
    commands.webhooks = [
        replace(each, body=b'{"a": "CANARY"}') for each in commands.webhooks if each.key != lost.key
    ]
    commands.configure(routes=(Route((RouteTarget("events", '{"a": "number(body.a)"}'),)),))

    printed = run("failed", "replay", status=1)

    assert "1 are not kept, or not any more" in printed
    assert "2 do not fit the Map or a schema" in printed
    assert "the document of source stripe cannot be read" in printed
    assert "CANARY" not in printed
    assert commands.bridge.waiting() == []


def test_dry_run_changes_nothing(commands: Commands) -> None:
    delivery = commands.receive("d-0")
    commands.fail(delivery)
    before = commands.record(delivery)

    assert "1 deliveries would be sent again" in run("failed", "replay", "--dry-run")
    assert "Nothing was changed" in run("failed", "drop", "--dry-run")

    assert commands.record(delivery) == before


def test_shown_record_has_no_values_unless_they_are_asked_for(commands: Commands) -> None:
    commands.fail(commands.receive("d-0", body=b'{"a": "CANARY"}'))

    printed = run("failed", "show", "d-0")
    assert REASON in printed
    assert "it becomes a message of" in printed
    assert "CANARY" not in printed
    assert printed.count("--values") == 1
    assert run("failed", "show", "d-0", "--values").count("CANARY") == 2
    assert "there is no failed record d-1" in run("failed", "show", "d-1", status=1)


def test_shown_record_tells_what_stands_in_its_way(commands: Commands) -> None:
    delivery = commands.receive("d-0")
    commands.fail(delivery)
    commands.configure(routes=(Route((RouteTarget("events", '{"a": "number(body.a)"}'),)),))
    assert "Today it cannot be sent" in run("failed", "show", "d-0")

    commands.webhooks.clear()
    printed = run("failed", "show", "d-0")
    assert "Its webhook is not kept" in printed
    assert "inlet ingested --batch 01ABC --save FILE" in printed


def test_dropped_record_is_not_open_any_more(commands: Commands) -> None:
    delivery = commands.receive("d-0")
    commands.fail(delivery)

    assert "Nobody can be asked here: answer with --yes." in run("failed", "drop", status=1)
    assert "`inlet failed replay --id d-0 --source github` sends it again" in run("why", "d-0")
    assert "d-0" in run("failed", "list")
    assert "1 failed records were closed" in run("failed", "drop", "--yes")

    assert "There are no such failed records" in run("failed", "list")
    record = commands.record(delivery)
    assert record["state"] == "failed"
    assert record["dropped_at"]
    assert "open_shard" not in record
    assert "it was dropped; `inlet replay github --id d-0` sends it" in run("why", "d-0")


def test_dropped_record_can_still_be_sent_by_a_replay(commands: Commands) -> None:
    commands.fail(commands.receive("d-0"))
    run("failed", "drop", "--yes")

    run("replay", "github", "--id", "d-0")

    assert [each.delivery_id for each in commands.bridge.waiting()] == ["d-0"]


def test_damaged_body_is_reported_and_the_others_are_sent(
    commands: Commands, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        commands.fail(commands.receive(f"d-{number}"))
    commands.store(monkeypatch)
    commands.bridge.kept.damage("d-1")

    printed = run("failed", "replay", "--rate", "1000", status=1)

    assert "2 deliveries sent to the buffer again" in printed
    assert "1 cannot be read" in printed
    assert {each.delivery_id for each in commands.bridge.waiting()} == {"d-0", "d-2"}
    assert commands.record(commands.webhooks[1])["state"] == "failed"


@pytest.mark.usefixtures("commands")
@pytest.mark.parametrize("command", [("show",), ("replay", "--id"), ("drop", "--yes", "--id")])
def test_source_in_place_of_an_id_is_pointed_out(command: tuple[str, ...]) -> None:
    logged = run("failed", *command, "github", status=1)

    assert "github is the name of a source, and not the ID of a delivery" in logged
    assert "--source github" in logged


@pytest.mark.usefixtures("commands")
@pytest.mark.parametrize("command", ["replay", "drop"])
def test_id_in_place_of_a_source_is_pointed_out(command: str) -> None:
    assert "there is no source d-1" in run("failed", command, "--source", "d-1", status=1)
