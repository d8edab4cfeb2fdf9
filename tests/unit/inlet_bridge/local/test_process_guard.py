"""No process outlives its owner. These tests run real processes."""

import subprocess
import sys
import textwrap
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from inlet_bridge.local import process_guard as guard
from inlet_bridge.local.polling import wait_until
from tests.support.waiting import MAX_SECONDS

# A program that starts a child and ignores signals, and a file with both process ids.
STUBBORN = """
    import os, signal, subprocess, sys, time
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    open(sys.argv[1], "w").write(f"{os.getpid()} {child.pid}\\n")
    time.sleep(60)
"""
POLITE = "import sys, time; open(sys.argv[1], 'w').write('0 0\\n'); time.sleep(60)"


@pytest.fixture
def started(tmp_path: Path) -> Iterator[list[subprocess.Popen[bytes]]]:
    """The guards that a test starts; they are ended after it."""
    guards: list[subprocess.Popen[bytes]] = []
    yield guards
    for process in guards:
        process.kill()
        process.wait()
        if process.stdin:
            process.stdin.close()


def start(*argv: str | Path) -> subprocess.Popen[bytes]:
    """Start Python with this code; its input stays open until the test closes it."""
    return subprocess.Popen([sys.executable, *argv], stdin=subprocess.PIPE)  # noqa: S603


def guarded(code: str, *arguments: str | Path) -> subprocess.Popen[bytes]:
    program = (sys.executable, "-c", textwrap.dedent(code), *arguments)
    return start("-I", "-S", guard.__file__, *program)


def ids_in(note: Path) -> list[int]:
    assert wait_until(lambda: note.exists() and note.read_text().endswith("\n"), 60)
    return [int(word) for word in note.read_text().split()]


def alive(pid: int) -> bool:
    """Whether a process runs; a zombie does not."""
    with suppress(OSError):
        status = Path(f"/proc/{pid}/stat").read_text(encoding="ascii")
        return status.rpartition(")")[2].split()[0] != "Z"
    return False


needs_proc = pytest.mark.skipif(not Path("/proc/self").exists(), reason="looks at /proc")


@needs_proc
def test_programs_that_ignore_signals_end_with_their_owner(
    tmp_path: Path, started: list[subprocess.Popen[bytes]]
) -> None:
    process = guarded(STUBBORN, tmp_path / "ids")
    started.append(process)
    family = ids_in(tmp_path / "ids")
    assert process.stdin
    process.stdin.close()
    process.wait(guard.GRACE_SECONDS + 60)

    assert wait_until(lambda: not any(map(alive, family)), 60)


@needs_proc
def test_programs_end_when_their_owner_is_killed(
    tmp_path: Path, started: list[subprocess.Popen[bytes]]
) -> None:
    note = tmp_path / "ids"
    owner = start(
        "-c",
        textwrap.dedent(f"""
            import subprocess, sys, time
            subprocess.Popen(
                [sys.executable, "-I", {guard.__file__!r}, sys.executable, "-c",
                 {textwrap.dedent(STUBBORN)!r}, {str(note)!r}],
                stdin=subprocess.PIPE)
            time.sleep(60)
        """),
    )
    started.append(owner)
    family = ids_in(note)
    owner.kill()
    owner.wait()

    assert wait_until(lambda: not any(map(alive, family)), guard.GRACE_SECONDS + 60)


def test_signals_to_the_guard_do_not_orphan_the_program(
    tmp_path: Path, started: list[subprocess.Popen[bytes]]
) -> None:
    process = guarded(POLITE, tmp_path / "ids")
    started.append(process)
    ids_in(tmp_path / "ids")
    process.terminate()

    assert process.poll() is None


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("exit(0)", 0),
        ("exit(7)", 7),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", 137),
    ],
)
def test_programs_exit_status_is_passed_on(
    code: str, status: int, started: list[subprocess.Popen[bytes]]
) -> None:
    process = guarded(code)
    started.append(process)

    assert process.wait(MAX_SECONDS) == status
