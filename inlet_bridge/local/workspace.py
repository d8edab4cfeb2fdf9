"""Paths of the tools, the template and the folder of a run; free ports."""

import fcntl
import os
import platform
import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from inlet_bridge.local.errors import LocalCloudError

ROOT = Path(__file__).resolve().parents[2]
LOCAL = ROOT / ".local"
TEMPLATE = ROOT / "template.yaml"
SOURCES_FILE = ROOT / "sources.yaml"
SAMPLES = ROOT / "events" / "samples"
SOURCES = ROOT / "events" / "sources"
MINISTACK_PYTHON = ROOT / ".tools" / "ministack" / "bin" / "python"
UV = ROOT / ".tools" / "uv" / "bin" / "uv"
VENV_PYTHON = ROOT / ".venv" / "bin" / "python"
SAM = ROOT / ".tools" / "sam" / "bin" / "sam"
ARCHITECTURE = "arm64" if platform.machine() in ("aarch64", "arm64") else "x86_64"
"""This machine's architecture as the template names it: functions run where they are built."""

TOOL_FOLDERS = (SAM.parent, UV.parent, VENV_PYTHON.parent)


def run_folder() -> Path:
    """Create a folder for this process and delete those of finished runs.

    The logs of a run remain until the next run starts.
    """
    runs = LOCAL / "runs"
    runs.mkdir(parents=True, exist_ok=True)
    for old in runs.iterdir():
        if not old.name.isdecimal() or not is_alive(int(old.name)):
            shutil.rmtree(old, ignore_errors=True)
    folder = runs / str(os.getpid())
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    return folder


def keep_logs(folder: Path) -> None:
    """Delete everything of a finished run but its logs: MiniStack alone stores 200 MB of code."""
    for path in folder.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        elif path.suffix != ".log":
            path.unlink(missing_ok=True)


def is_alive(pid: int) -> bool:
    """Whether a process with this id runs."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


@contextmanager
def building() -> Iterator[Path]:
    """Lock the build folder, which one run at a time can use."""
    folder = LOCAL / "sam"
    folder.mkdir(parents=True, exist_ok=True)
    with (LOCAL / "sam.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield folder


@contextmanager
def reserved_port(port: int = 0) -> Iterator[int]:
    """Reserve a port of the loopback address for a server that cannot choose one itself.

    The socket is bound but never listens. A server that sets SO_REUSEADDR, as the servers here
    do, can bind the same port; the system assigns it to nothing else.

    Args:
        port: 0 is any free one.

    Raises:
        LocalCloudError: it is in use.
    """
    with socket.socket() as reserved:
        reserved.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            reserved.bind(("127.0.0.1", port))
        except OSError as exc:
            raise LocalCloudError(
                f"port {port} of 127.0.0.1 cannot be used: {exc.strerror}",
                hint="Another `inlet up` may be running: use that one, or end it with Ctrl-C. Or"
                " use free ports: .venv/bin/inlet up --port 0 --adobe-port 0 --inspector-port 0",
            ) from exc
        yield reserved.getsockname()[1]
