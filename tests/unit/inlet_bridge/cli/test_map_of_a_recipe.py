"""The preview of a recipe, as its first lines say, while a deployment is found."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from inlet_bridge.cli.main import app
from inlet_bridge.cli.recipe_pages import recipe_template
from inlet_bridge.operations.deployed import Deployed
from inlet_bridge.recipes.recipe import recipes
from tests.support.operator_account import OperatorAccount


def _run(command: str, stack: str = "") -> str:
    """What a command prints, which is written to the file after `>`."""
    written, _, file = command.removeprefix("inlet ").partition(" > ")
    environment = {"BRIDGE_STACK": stack, "COLUMNS": "400", "NO_COLOR": "1"}
    result = CliRunner().invoke(app, written.split(), env=environment)
    assert result.exit_code == 0, result.output
    if file:
        Path(file).write_text(result.stdout)
    return str(result.output)


@pytest.mark.parametrize("provider", sorted(recipes()))
def test_lines_to_try_a_recipe_work_beside_a_deployment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, provider: str
) -> None:
    """Its connection is that of the file in which it will be pasted."""
    account = OperatorAccount()
    account.resources = {"ProvisionerFunction": "f"}
    monkeypatch.setattr(Deployed, "_client", account.client)
    monkeypatch.chdir(tmp_path)
    lines = [
        line.removeprefix("#   ")
        for line in recipe_template(recipes()[provider]).splitlines()
        if line.startswith("#   inlet ")
    ]
    [*_, output] = [_run(line, "bridge") for line in lines]

    assert len(lines) == 3
    assert "✓ events" in output or "✓ profiles" in output
    assert "Connection has no name that is known from the file; give --schema" in output
    assert "--stack" not in output  # It has not the connection either.
    assert "is known from the file; give --schema" in _run(lines[-1])
    assert "!" not in output.replace("! messages to", "")
