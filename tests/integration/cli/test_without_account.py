"""What `inlet add` and `inlet secret` say where no account of AWS can be asked."""

from pathlib import Path

import pytest
from botocore.exceptions import NoRegionError
from typer.testing import CliRunner

from inlet_bridge.cli import local_stack
from inlet_bridge.cli.main import app
from inlet_bridge.operations.deployed import Deployed
from inlet_bridge.operations.unreachable import unreachable
from tests.support.adding import run, unchanged


def test_without_account_and_local_cloud_all_ways_out_are_named(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise unreachable(NoRegionError(), {})

    monkeypatch.setattr(Deployed, "client", fail)

    status, output = run("stripe", "--secret-file", "secret.txt")

    said = " ".join(output.split())
    assert status == 1
    assert "no local cloud is running, and AWS cannot be asked: no region is set" in said
    assert "Start one with `make run` in another terminal. For AWS, set AWS_PROFILE" in said
    assert "With --offline, the source is added without AWS." in said
    assert unchanged(folder)


@pytest.mark.parametrize("command", ["add", "secret"])
def test_option_of_the_command_is_named_while_a_local_cloud_runs(
    folder: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    def fail(*_: object) -> None:
        raise unreachable(NoRegionError(), {})

    monkeypatch.setattr(Deployed, "client", fail)
    running = {"BRIDGE_STACK": "inlet-bridge-local"}
    monkeypatch.setattr(local_stack, "running_variables", lambda: running)
    source = {"add": "stripe", "secret": "github"}[command]
    options = [source, "--stage", "dev", "--secret-file", "secret.txt"]
    result = CliRunner().invoke(app, [command, *options], env={"COLUMNS": "200"})

    assert result.exit_code == 1
    assert "Leave --stage out for the local cloud." in " ".join(result.output.split())
    assert "--stack" not in result.output
    assert unchanged(folder)
