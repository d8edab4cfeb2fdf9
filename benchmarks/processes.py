"""Read children, CPU time and memory of a process from /proc."""

from pathlib import Path

_PROC = Path("/proc")


def leaf_of(pid: int) -> int:
    """The last process of a chain of single children."""
    while children := _children(pid):
        pid = children[-1]
    return pid


def cpu_ms(pid: int) -> float:
    """CPU time of all live threads in milliseconds, with nanosecond resolution."""
    tasks = (_PROC / str(pid) / "task").glob("*/schedstat")
    return sum(int(task.read_text().split()[0]) for task in tasks) / 1e6


def resident_mb(pid: int) -> float:
    """Peak resident memory (`VmHWM`) in MB."""
    status = (_PROC / str(pid) / "status").read_text().splitlines()
    [line] = [line for line in status if line.startswith("VmHWM")]
    return int(line.split()[1]) * 1024 / 1e6


def _children(pid: int) -> list[int]:
    tasks = (_PROC / str(pid) / "task").glob("*/children")
    return sorted(int(child) for task in tasks for child in task.read_text().split())
