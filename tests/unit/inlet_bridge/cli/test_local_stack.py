"""Tests of commands that find the running local cloud by themselves."""

import os
from pathlib import Path
from typing import Any

import pytest
import typer
from botocore.exceptions import EndpointConnectionError, NoCredentialsError, NoRegionError
from typer.testing import CliRunner

from inlet_bridge.cli import error_output, inspector, local_stack
from inlet_bridge.cli.main import app
from inlet_bridge.cli.operation_errors import report_operation_errors
from inlet_bridge.inspector.inspector import Inspector
from inlet_bridge.local.cloud import Cloud
from inlet_bridge.local.running_cloud import (
    entrance_variables,
    is_starting,
    mark_started,
    mark_starting,
)
from inlet_bridge.operations.deployed import Deployed
from inlet_bridge.operations.unreachable import unreachable
from tests.support.operator_account import OperatorAccount

CLOUD = Cloud("http://127.0.0.1:4566", "AKIA1", "se'cr=et")


class Account(OperatorAccount):
    """Records which stack is asked for, and in which account."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[tuple[str, str]] = []

    def stack_resources(self, StackName: str) -> list[dict[str, Any]]:  # noqa: N803
        self.asked.append((StackName, os.environ.get("AWS_ENDPOINT_URL", "AWS")))
        return []

    def describe_stacks(self, StackName: str) -> dict[str, Any]:  # noqa: N803
        self.asked.append((StackName, os.environ.get("AWS_ENDPOINT_URL", "AWS")))
        return super().describe_stacks(StackName)


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch) -> Account:
    account = Account()
    monkeypatch.setattr(Deployed, "_client", account.client)
    return account


@pytest.fixture
def running(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A local cloud that runs in another terminal, and a profile of the developer."""
    folder = tmp_path / str(os.getpid())
    folder.mkdir()
    CLOUD.write_entrance(folder, "inlet-bridge-local")
    variables = entrance_variables(tmp_path)
    for name in (*variables, "NO_PROXY", "no_proxy", "AWS_PROFILE"):
        monkeypatch.setenv(name, "mine")  # So that the test's end restores it.
    monkeypatch.delenv("BRIDGE_STACK")
    monkeypatch.delenv("AWS_ENDPOINT_URL")
    monkeypatch.setattr(local_stack, "running_variables", lambda: variables)


@pytest.mark.usefixtures("running")
@pytest.mark.parametrize("command", [["deliveries"], ["why", "d-1"], ["audit"], ["doctor"]])
def test_running_local_cloud_is_used(account: Account, command: list[str]) -> None:
    result = CliRunner().invoke(app, command)

    assert ("inlet-bridge-local", CLOUD.endpoint) in account.asked
    assert f"Using the local cloud on {CLOUD.endpoint}." in result.stderr
    assert "AWS_PROFILE" not in os.environ


@pytest.mark.usefixtures("running", "account")
def test_completion_shows_no_notice(monkeypatch: pytest.MonkeyPatch) -> None:
    """The shell would show it in the line that is typed."""
    monkeypatch.setenv("_INLET_COMPLETE", "complete_bash")
    result = CliRunner().invoke(app, ["audit"])

    assert "Using the local cloud" not in result.output


@pytest.mark.usefixtures("running")
def test_named_stack_is_not_the_local_one(account: Account) -> None:
    result = CliRunner().invoke(app, ["audit", "--stack", "inlet-bridge-prod"])

    assert set(account.asked) == {("inlet-bridge-prod", "AWS")}
    assert "local cloud" not in result.stderr


@pytest.mark.usefixtures("running")
def test_name_of_the_local_stack_leads_to_it(account: Account) -> None:
    CliRunner().invoke(app, ["audit", "--stack", "inlet-bridge-local"])

    assert set(account.asked) == {("inlet-bridge-local", CLOUD.endpoint)}


@pytest.mark.usefixtures("running")
@pytest.mark.parametrize("is_variable", [False, True], ids=["option", "variable"])
def test_map_with_the_name_of_the_local_stack_asks_it(
    account: Account, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, is_variable: bool
) -> None:
    sample = tmp_path / "sample.json"
    sample.write_text("{}")
    if is_variable:
        monkeypatch.setenv("BRIDGE_STACK", "inlet-bridge-local")
    named = [] if is_variable else ["--stack", "inlet-bridge-local"]
    CliRunner().invoke(app, ["map", "github", str(sample), *named])

    assert ("inlet-bridge-local", CLOUD.endpoint) in account.asked
    assert {endpoint for _, endpoint in account.asked} == {CLOUD.endpoint}


@pytest.mark.usefixtures("running")
def test_console_with_the_name_of_the_local_stack_shows_it(monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[tuple[str, bool]] = []

    class Server:
        url = "http://127.0.0.1:1/"

        def __init__(self, served: Inspector, _: int) -> None:
            shown.append((os.environ.get("AWS_ENDPOINT_URL", "AWS"), served.is_local))

        def serve(self) -> None:
            """End at once."""

    monkeypatch.setattr(inspector, "InspectorServer", Server)
    result = CliRunner().invoke(app, ["console", "--stack", "inlet-bridge-local"])

    assert shown == [(CLOUD.endpoint, True)]
    assert "Nothing can be shown" not in result.output


@pytest.mark.usefixtures("running")
def test_stack_that_does_not_exist_is_named_with_those_that_do(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Without an account of AWS, the local cloud is the only place to look."""

    def without_account(*_: object, **__: object) -> Any:
        raise unreachable(NoCredentialsError(), {}, stack="nope")

    monkeypatch.setattr(Deployed, "_client", without_account)
    result = CliRunner().invoke(app, ["deliveries", "--stack", "nope"], env={"COLUMNS": "200"})

    assert result.exit_code == 1
    assert "the local cloud has no stack nope; it has inlet-bridge-local" in result.output
    assert "no local cloud is running" not in result.output


def test_without_account_and_local_cloud_both_ways_out_are_named(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(typer.Exit), report_operation_errors():
        raise NoRegionError

    said = " ".join(capsys.readouterr().out.split())
    assert "no local cloud is running, and AWS cannot be asked: no region is set" in said
    assert "make run" in said
    assert "AWS_REGION" in said


def test_stack_of_stage_dev_is_used_without_a_local_cloud(account: Account) -> None:
    CliRunner().invoke(app, ["audit"])

    assert set(account.asked) == {("inlet-bridge-dev", "AWS")}


def test_local_cloud_that_ends_while_a_command_runs_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", CLOUD.endpoint)
    with pytest.raises(typer.Exit), report_operation_errors():
        raise EndpointConnectionError(endpoint_url=f"{CLOUD.endpoint}/logs")

    said = capsys.readouterr().out
    assert f"Failed: the local cloud on {CLOUD.endpoint} does not answer" in said
    assert "Could not connect" not in said


@pytest.mark.parametrize("has_entrance", [False, True], ids=["no account", "account"])
def test_local_cloud_that_is_starting_is_said_to_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, has_entrance: bool
) -> None:
    """It has no account at first, then an account without stacks, then stacks without sources."""
    folder = tmp_path / str(os.getpid())
    folder.mkdir()
    monkeypatch.setattr(local_stack, "running_variables", lambda: entrance_variables(tmp_path))
    monkeypatch.setattr(local_stack, "starts", lambda: is_starting(tmp_path))
    monkeypatch.setattr(local_stack, "use", lambda variables: variables["BRIDGE_STACK"])
    said: list[str] = []
    monkeypatch.setattr(error_output, "print_notice", said.append)
    mark_starting(folder)
    if has_entrance:
        CLOUD.write_entrance(folder, "inlet-bridge-local")

    assert local_stack.local_stack() == ("inlet-bridge-local" if has_entrance else "")
    assert "still starting: repeat the command" in said[-1]
    error = local_stack.with_local_cloud(unreachable(NoCredentialsError(), {}))
    assert ("the local cloud is still starting, and" in str(error)) != has_entrance

    said.clear()
    mark_started(folder)
    local_stack.local_stack()
    assert "still starting" not in "".join(said)


def test_finished_run_is_not_starting(tmp_path: Path) -> None:
    folder = tmp_path / str(2**22 + 1)  # Above the largest process id of Linux.
    folder.mkdir()
    mark_starting(folder)

    assert not is_starting(tmp_path)
