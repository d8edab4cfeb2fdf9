"""CPU time of `inlet --help`, compared to importing the two libraries that it needs."""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

HELP = "inlet --help"
LIBRARIES = "import typer, rich"


def measure_command(rounds: int) -> dict[str, list[float]]:
    """Measure both alternately, each in a separate process; CPU milliseconds by name."""
    commands = {
        HELP: (str(Path(sys.executable).with_name("inlet")), "--help"),
        LIBRARIES: (sys.executable, "-c", LIBRARIES),
    }
    measured: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            measured[name].append(_cpu_ms(command))
    return measured


def _cpu_ms(command: Sequence[str]) -> float:
    """CPU milliseconds of a process, user and system. Raises CalledProcessError if it fails."""
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return (usage.ru_utime + usage.ru_stime) * 1000
