"""However `inlet up` ends, nothing of it stays: here in the middle of `sam deploy`."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from inlet_bridge.local.polling import wait_until
from inlet_bridge.local.workspace import ROOT

PROC = Path("/proc")
END_SECONDS = 15


def parents() -> Iterator[tuple[int, int]]:
    """Every process with its parent; one that has ended and was not collected is none."""
    for path in PROC.glob("[0-9]*/stat"):
        try:
            state, parent = path.read_text().rpartition(")")[2].split()[:2]
        except OSError:
            continue  # It ended meanwhile.
        if state != "Z":
            yield int(path.parent.name), int(parent)


def family(ancestor: int) -> set[int]:
    """A process and all that came of it."""
    members = {ancestor}
    while more := {pid for pid, parent in parents() if parent in members} - members:
        members |= more
    return members


@pytest.mark.skipif(not PROC.exists(), reason="looks at /proc")
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_no_process_outlives_it(number: signal.Signals) -> None:
    # Whoever runs the tests in the background has SIGINT ignored, and this would inherit it.
    command = ["env", "--default-signal=INT", str(Path(sys.executable).with_name("inlet")), "up"]
    with subprocess.Popen(  # noqa: S603
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8"
    ) as bridge:
        assert bridge.stdout
        assert any("sam deploy" in line for line in bridge.stdout)
        # Guards, MiniStack, the emulated Adobe and sam are there by now.
        assert wait_until(lambda: len(family(bridge.pid)) >= 7, 10)
        members = family(bridge.pid)
        bridge.send_signal(number)
        rest = bridge.stdout.read()

    assert wait_until(lambda: not members & {pid for pid, _ in parents()}, END_SECONDS)
    assert bridge.returncode == {signal.SIGKILL: -9, signal.SIGTERM: 143, signal.SIGINT: 1}[number]
    assert "Traceback" not in rest
