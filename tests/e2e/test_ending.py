"""`inlet up` leaves no process running, even if it ends during the deployment."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from inlet_bridge.local.workspace import ROOT
from tests.support.waiting import eventually

PROC = Path("/proc")


def parents() -> Iterator[tuple[int, int]]:
    """Return every running process with its parent, without zombies."""
    for path in PROC.glob("[0-9]*/stat"):
        try:
            state, parent = path.read_text().rpartition(")")[2].split()[:2]
        except OSError:
            continue  # The process has ended.
        if state != "Z":
            yield int(path.parent.name), int(parent)


def family(ancestor: int) -> set[int]:
    """Return a process and its descendants."""
    members = {ancestor}
    while more := {pid for pid, parent in parents() if parent in members} - members:
        members |= more
    return members


@pytest.mark.skipif(not PROC.exists(), reason="needs /proc")
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_signal_ends_all_processes(number: signal.Signals) -> None:
    # A shell ignores SIGINT in background jobs, and the child would inherit this.
    command = ["env", "--default-signal=INT", str(Path(sys.executable).with_name("inlet")), "up"]
    command += ["--port", "0", "--adobe-port", "0", "--inspector-port", "0"]
    with subprocess.Popen(  # noqa: S603
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8"
    ) as bridge:
        assert bridge.stdout
        assert any("Deploying the template" in line for line in bridge.stdout)
        # The guards, MiniStack and the emulated Adobe are running.
        assert eventually(lambda: len(family(bridge.pid)) >= 5)
        members = family(bridge.pid)
        bridge.send_signal(number)
        rest = bridge.stdout.read()

    assert eventually(lambda: not members & {pid for pid, _ in parents()})
    assert (
        bridge.returncode == {signal.SIGKILL: -9, signal.SIGTERM: 143, signal.SIGINT: 130}[number]
    )
    assert "Traceback" not in rest
