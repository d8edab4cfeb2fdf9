"""Tests of the commands for a deployed bridge, on a stack of moto."""

from datetime import timedelta

import boto3
import pytest

from bridge.sources.configured import RESUMED
from tests.support.bridge_commands import run
from tests.support.moto_deployment import NOW, Bridge, received


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
    resumed = run("resume", *arguments)
    assert "is resumed: new webhooks are sent within 60 s, those that wait within 5 min" in resumed
    assert ssm.get_parameter(Name=parameter)["Parameter"]["Value"] == RESUMED
    assert "was not paused" in run("resume", *arguments)
    assert "is paused" in run("pause", *arguments)
    assert ssm.get_parameter(Name=parameter)["Parameter"]["Value"] != RESUMED


@pytest.mark.usefixtures("bridge")
def test_resume_in_the_local_cloud_says_that_it_takes_as_long_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    said = "The local cloud waits as long as AWS does."
    run("pause", "github")
    assert said not in run("resume", "github")

    monkeypatch.setattr("inlet_bridge.cli.deliveries.is_local", lambda: True)
    run("pause", "github")
    assert said in run("resume", "github")
    assert said not in run("resume", "github")


def test_pause_of_an_unknown_source_is_rejected(bridge: Bridge) -> None:
    assert "there is no source gitlab" in run("pause", "gitlab", status=1)
    assert "there is no connection other" in run("pause", "--connection", "other", status=1)
    assert "either a source or a --connection" in run("pause", status=1)


@pytest.mark.parametrize("command", ["pause", "resume"])
@pytest.mark.usefixtures("bridge")
def test_an_unknown_connection_is_named_with_those_that_there_are(command: str) -> None:
    misspelled = run(command, "--connection", "webhoks", status=1)
    assert "there is no connection webhoks in inlet-bridge-dev; is it webhooks?" in misspelled
    assert "aws ssm" not in misspelled

    other = run(command, "--connection", "orders", status=1)
    assert "there is no connection orders in inlet-bridge-dev; the connections are web" in other

    source = run(command, "--connection", "github", status=1)
    assert "github is a source, not a connection Name it without --connection." in source


@pytest.mark.parametrize("command", ["pause", "resume"])
@pytest.mark.usefixtures("bridge")
def test_connection_in_place_of_a_source_is_pointed_out(command: str) -> None:
    said = run(command, "webhooks", status=1)

    assert "webhooks is a connection, not a source" in said
    assert "--connection webhooks takes all its sources." in said
    assert "there is no source webhoks" in run(command, "webhoks", status=1)


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
    assert "There is inlet-bridge-dev. Name it with --stack" in logged
    assert "--stack" in logged
