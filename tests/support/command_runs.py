"""Runs of the `inlet` command."""

from typer.testing import CliRunner

from inlet_bridge.cli.main import app


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, list(arguments), env={"COLUMNS": "200", "NO_COLOR": "1"})
    return result.exit_code, result.output
