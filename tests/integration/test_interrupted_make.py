"""Ctrl-C ends `make run` without an error of make."""

import subprocess
from pathlib import Path

import pytest

from tests.support.sam_template import ROOT


@pytest.mark.parametrize(("status", "ended"), [(0, 0), (130, 0), (1, 2)])
def test_make_run_ends_well_after_ctrl_c(tmp_path: Path, status: int, ended: int) -> None:
    """`inlet up` ends with 130 then; every other failure stays one."""
    program = tmp_path / ".venv" / "bin" / "inlet"
    program.parent.mkdir(parents=True)
    program.write_text(f"#!/bin/sh\nexit {status}\n")
    program.chmod(0o755)
    arguments = ["make", "-f", str(ROOT / "Makefile"), "--old-file=.tools/local", "run"]
    done = subprocess.run(  # noqa: S603
        arguments, cwd=tmp_path, capture_output=True, encoding="utf-8", check=False
    )

    assert done.returncode == ended, done.stderr
    assert ("Error" in done.stderr) == bool(ended)
