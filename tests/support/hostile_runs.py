"""Runs of commands that meet hostile text."""

from typer.testing import CliRunner

from inlet_bridge.cli.main import app
from tests.support.hostile_text import HOSTILE, forged_lines, unsafe

NAME = HOSTILE.replace("\x00", "")


def run(*arguments: str, answer: str = "") -> str:
    """Return the output of a command on both streams."""
    result = CliRunner().invoke(
        app, list(arguments), input=answer, env={"COLUMNS": "400", "NO_COLOR": "1"}
    )
    return checked(result.output)


def checked(output: str) -> str:
    assert unsafe(output) == set()
    assert forged_lines(output) == []
    assert "Traceback" not in output
    return output
