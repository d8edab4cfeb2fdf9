"""Standard streams that the shell has closed: commands work without them."""

import shlex
import subprocess
import sys
from pathlib import Path

import pytest

INLET = shlex.quote(str(Path(sys.executable).with_name("inlet")))


@pytest.mark.parametrize(
    ("command", "status", "said"),
    [
        ("providers >&-", 0, ""),
        ("providers >&- 2>&-", 0, ""),
        ("providers --json <&- >&-", 0, ""),
        ("map github - --stack other <&- >&-", 1, ""),
        ("map github <&- >&-", 2, "a sample is missing"),
    ],
)
def test_command_works_without_a_stream(command: str, status: int, said: str) -> None:
    result = subprocess.run(  # noqa: S602 - ours; the shell closes the stream
        f"{INLET} {command}", shell=True, capture_output=True, text=True, check=False
    )

    assert (result.returncode, result.stdout) == (status, "")
    assert "Traceback" not in result.stderr
    assert said in result.stderr
    assert bool(result.stderr) == bool(said)
