"""Which webhooks `inlet replay` selects: by time, ID and condition."""

import boto3
import pytest

from bridge.adapters.aws.delivery_items import key_item
from bridge.sources.route import Route, RouteTarget
from tests.support.replay_commands import Commands, run, run_json


def test_webhooks_are_selected_by_time(commands: Commands) -> None:
    for number in range(4):
        commands.receive(f"d-{number}")
    since, until = commands.webhooks[1].received_at, commands.webhooks[2].received_at

    run(
        "replay",
        "github",
        "--since",
        since.isoformat(),
        "--until",
        f"{until:%Y-%m-%dT%H:%M:%S.%fZ}",
    )

    assert {each.delivery_id for each in commands.bridge.waiting()} == {"d-1", "d-2"}


@pytest.mark.parametrize(
    ("span", "reason", "status"),
    [
        (["--since", "1h", "--until", "2h"], "--since: is later than --until", 2),
        (["--since", "2026-11-28T12:00+02:00", "--until", "2026-11-28T09:59Z"], "than --until", 2),
        (["--since", "2999-01-01"], "'--since': is in the future", 2),
    ],
)
def test_span_that_ends_before_it_begins_is_refused(
    commands: Commands, span: list[str], reason: str, status: int
) -> None:
    commands.receive("d-0")

    assert reason in run("replay", "github", *span, status=status)


def test_span_of_one_moment_selects_the_webhook_of_that_moment(commands: Commands) -> None:
    commands.receive("d-0")
    at = commands.webhooks[0].received_at.isoformat()

    assert run_json("replay", "github", "--since", at, "--until", at)["outcomes"]["sent"] == 1


@pytest.mark.parametrize(("since", "times"), [("3h", 1), ("1h", 0), ("1d", 1), ("1h30m", 0)])
def test_time_may_be_how_long_ago(commands: Commands, since: str, times: int) -> None:
    commands.receive("d-0")

    assert run_json("replay", "github", "--since", since)["outcomes"]["sent"] == times


def test_webhook_is_selected_by_id(commands: Commands) -> None:
    commands.receive("d-0")
    commands.receive("d-1")

    run("replay", "github", "--id", "d-1")

    assert [each.delivery_id for each in commands.bridge.waiting()] == ["d-1"]
    assert "no webhook d-9 of github is kept" in run("replay", "github", "--id", "d-9", status=1)


def test_beginning_of_an_id_is_answered_with_the_whole_one(commands: Commands) -> None:
    for name in ("sha256:2fd173caa", "sha256:2fd173cbb", "sha256:9"):
        commands.receive(name)

    one = run("replay", "github", "--since", "1d", "--id", "sha256:2fd173ca", status=1)
    several = run("replay", "github", "--id", "sha256:2fd", status=1)
    none = run("replay", "github", "--id", "sha256:7", status=1)

    assert "is kept; is it sha256:2fd173caa?" in one
    assert "--id takes a whole ID, as `inlet deliveries github` lists them." in one
    assert "Bodies are kept" not in one
    assert "several begin so: sha256:2fd173caa, sha256:2fd173cbb" in several
    assert "--id takes a whole ID" in none
    assert "Bodies are kept for 30 days." in none
    assert commands.bridge.waiting() == []


def test_webhook_whose_record_has_expired_is_found_by_its_id(commands: Commands) -> None:
    delivery = commands.receive("d-0")
    boto3.client("dynamodb").delete_item(
        TableName=commands.bridge.table, Key=key_item((delivery.source, delivery.key))
    )

    run("replay", "github", "--id", "d-0")

    assert [each.delivery_id for each in commands.bridge.waiting()] == ["d-0"]


def test_one_delivery_of_several_is_selected_by_its_id(commands: Commands) -> None:
    flows = dict.fromkeys(("events", "orders"), commands.configure().flows["events"])
    commands.configure(flows=flows, routes=(Route((RouteTarget("events"), RouteTarget("orders"))),))
    whole = commands.receive("d-0")
    commands.bridge.deliveries.split(whole, 2)

    run("replay", "github", "--id", "d-0/orders")

    assert [each.key for each in commands.bridge.waiting()] == ["target:orders/id:d-0"]


def test_condition_selects_webhooks(commands: Commands) -> None:
    commands.receive("d-0", body=b'{"a": 1}')
    commands.receive("d-1", body=b'{"a": 2}')

    found = run_json("replay", "github", "--where", "body.a == `2` && event_type == 'issues'")

    assert [each.delivery_id for each in commands.bridge.waiting()] == ["d-1"]
    assert (found["webhooks"], found["excluded"]) == (2, 1)


@pytest.mark.parametrize(
    ("where", "message"),
    [
        ("body.", "is not a JMESPath expression"),
        ("bodi.a", "bodi"),
        ("headers.\"x-a\" == 'b'", "headers.x-a, which is not kept"),
    ],
)
def test_condition_that_cannot_be_evaluated_is_refused(
    commands: Commands, where: str, message: str
) -> None:
    commands.receive("d-0")

    assert message in run("replay", "github", "--where", where, status=1)
    assert commands.bridge.waiting() == []


def test_selection_without_a_kept_body_says_so(commands: Commands) -> None:
    nothing = "No body of github is kept of this time. `inlet deliveries github` lists what"

    assert nothing in run("replay", "github", "--since", "1h")
    assert nothing in run("replay", "github", "--since", "1h", "--dry-run")
    commands.receive("d-0")
    assert "No body" not in run("replay", "github", "--since", "1d", "--where", "body.zz")


def test_time_before_what_is_kept_is_told(commands: Commands) -> None:
    commands.receive("d-0")

    assert "Bodies are kept for 30 days" in run("replay", "github", "--since", "31d", "--dry-run")
    assert "Bodies are kept" not in run("replay", "github", "--since", "29d", "--dry-run")
