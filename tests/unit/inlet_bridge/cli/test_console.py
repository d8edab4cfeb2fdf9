"""Tests of the output on a terminal and elsewhere."""

from pathlib import Path

import pytest
from rich.text import Text

from inlet_bridge.cli.console import Screen
from inlet_bridge.cli.listing import Listing
from inlet_bridge.local.errors import LocalCloudError


def test_output_without_a_terminal_has_no_control_characters(
    capsys: pytest.CaptureFixture[str],
) -> None:
    screen = Screen()
    with screen.step("Doing something") as advance:
        advance("half of it")
    screen.print(Text("done", style="bold red"))
    output = capsys.readouterr().out

    assert output.splitlines()[0].strip() == "Doing something ..."
    assert "✓ Doing something" in output
    assert all(sign.isprintable() or sign == "\n" for sign in output)


def test_output_without_a_terminal_has_no_blanks_at_the_end(
    capsys: pytest.CaptureFixture[str],
) -> None:
    table = Listing("Source", "Reason", title="All")
    table.add_row("github", "a")
    table.add_row("a-longer-name", "a longer reason")
    Screen().print("", table, Text("  end  "))
    lines = capsys.readouterr().out.splitlines()

    assert lines == [line.rstrip() for line in lines]
    assert lines[-1] == "  end"


def test_failed_step_is_marked(capsys: pytest.CaptureFixture[str]) -> None:
    screen = Screen()
    with pytest.raises(LocalCloudError), screen.step("Doing something"):
        raise LocalCloudError("no")

    assert "✗ Doing something" in capsys.readouterr().out


def test_failure_prints_the_end_of_its_log_and_a_remedy(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log = tmp_path / "log"
    log.write_text("".join(f"line {number}\n" for number in range(100)))
    Screen().failure(LocalCloudError("it [broke]", hint="Mend it.", log=log))
    output = capsys.readouterr().out

    assert "Failed: it [broke]" in output
    assert "line 99" in output
    assert "line 1\n" not in output
    assert output.endswith("Mend it.\n")


def test_missing_log_is_not_a_second_failure(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Screen().failure(LocalCloudError("it broke", log=tmp_path / "none"))

    assert "Failed: it broke" in capsys.readouterr().out
