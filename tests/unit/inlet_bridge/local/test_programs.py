"""Tests of programs that run under a guard. These tests run real processes."""

import sys
from pathlib import Path

import pytest

from inlet_bridge.local.errors import LocalCloudError
from inlet_bridge.local.programs import Program


def program(code: str, folder: Path) -> Program:
    return Program(
        "the program",
        [sys.executable, "-c", code],
        environ={"GREETING": "hello"},
        cwd=folder,
        log=folder / "log",
    )


def test_output_is_logged_and_exit_status_returned(tmp_path: Path) -> None:
    code = "import os; print(os.environ['GREETING'], os.getcwd()); exit(3)"
    with program(code, tmp_path) as running:
        status = running.finish(60)

    assert status == 3
    assert (tmp_path / "log").read_text() == f"hello {tmp_path}\n"
    assert (tmp_path / "log").stat().st_mode & 0o777 == 0o600


def test_server_that_exits_is_an_error_with_its_log(tmp_path: Path) -> None:
    with (
        program("exit('no port left')", tmp_path) as running,
        pytest.raises(LocalCloudError, match="the program ended by itself") as caught,
    ):
        running.wait_until_ready(lambda: False, 60)

    assert caught.value.log == tmp_path / "log"


def test_server_that_never_serves_times_out(tmp_path: Path) -> None:
    with (
        program("import time; time.sleep(60)", tmp_path) as running,
        pytest.raises(LocalCloudError, match="did not answer in 0 s"),
    ):
        running.wait_until_ready(lambda: False, 0.1)

    assert not running.running


def test_program_that_takes_too_long_is_an_error(tmp_path: Path) -> None:
    with (
        program("import time; time.sleep(60)", tmp_path) as running,
        pytest.raises(LocalCloudError, match="was not done in 0 s"),
    ):
        running.finish(0.1)


def test_server_runs_until_it_is_stopped(tmp_path: Path) -> None:
    running = program("import time; time.sleep(60)", tmp_path)
    running.wait_until_ready(lambda: True, 60)
    was_running = running.running
    running.stop()
    running.stop()

    assert was_running
    assert not running.running


def test_missing_program_is_reported_with_its_installation(tmp_path: Path) -> None:
    with pytest.raises(LocalCloudError, match="MiniStack is not installed") as caught:
        Program("MiniStack", ["/none"], environ={}, cwd=tmp_path, log=tmp_path / "log")

    assert "make run" in caught.value.hint
