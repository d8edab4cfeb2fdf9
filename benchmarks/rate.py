"""`python -m benchmarks.rate`: many webhooks of one source, as fast as the handlers accept them.

Execution environments of the built receiver, each with a stub of AWS and the inlet that counts
requests. Events are signed before and read from a file, each with its own ID and body: neither a
sender nor a server takes processor time. How many a second are accepted depends on the machine and
its other load, the calls for each on neither.
"""

import argparse
import json
import os
import subprocess
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.artifacts import PYTHON, build
from benchmarks.events import body, webhook
from benchmarks.runtime import BenchmarkRuntime, open_runtimes
from benchmarks.subjects import RECEIVER_SHIPPED
from inlet_bridge.local.workspace import ROOT, building, run_folder

if TYPE_CHECKING:
    from benchmarks.rate_calls import Calls

_WRITES = ("PutItem", "UpdateItem", "BatchWriteItem")


def main() -> None:
    """Measure and print the results."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.rate", description=__doc__)
    parser.add_argument("--rate", type=float, default=2_000, help="webhooks per second to reach")
    parser.add_argument("--seconds", type=float, default=15, help="at that rate")
    # Twice the processors of a small machine: an environment often waits for a response.
    parser.add_argument("--environments", type=int, default=4)
    given = parser.parse_args()
    with ExitStack() as stack:
        built = build(stack.enter_context(building()))
        folder = run_folder()
        runtimes = stack.enter_context(open_runtimes(built, folder, given.environments))
        files = prepare_events(folder, given.environments, int(given.rate * given.seconds))
        running = [
            stack.enter_context(_environment(*each)) for each in zip(runtimes, files, strict=True)
        ]
        for process in running:
            _line(process)  # Excludes the cold starts.
        for runtime in runtimes:
            runtime.calls()
        began = time.monotonic()
        for process in running:
            _start(process)
        called: list[Calls] = [json.loads(_line(process)) for process in running]
        seconds = time.monotonic() - began
        statuses = _sum(each["statuses"] for each in called)
        spent = sum(each["cpu_ms"] for each in called)
        calls = _sum(runtime.calls() for runtime in runtimes)
        print(summary(statuses, seconds, spent, calls, given.rate))


def prepare_events(folder: Path, environments: int, total: int) -> Sequence[Path]:
    """Write the events of each environment: its share of the total, and one for the cold start."""
    files = []
    each = -(-total // environments) + 1
    for number in range(environments):
        file = folder / f"events-{number}"
        with file.open("wb") as written:
            for event in range(number * each, (number + 1) * each):
                written.write(webhook("open", body(1_000, event), event) + b"\n")
        files.append(file)
    return files


@contextmanager
def _environment(runtime: BenchmarkRuntime, events: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """The built receiver in a process that has these events; its log is a file beside them."""
    subject = RECEIVER_SHIPPED
    path = runtime.artifacts.python_path(subject.bytecode, subject.folders)
    argv = [str(PYTHON), "-S", "-m", "benchmarks.rate_calls", subject.handler, str(events)]
    environ = {
        **runtime.variables(),
        "PATH": os.defpath,
        # Of this repository only `benchmarks`: the function and its layers come first.
        "PYTHONPATH": f"{path}:{ROOT}",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    pipe = subprocess.PIPE
    with (
        events.with_suffix(".log").open("wb") as log,
        subprocess.Popen(
            argv, env=environ, cwd=events.parent, stdin=pipe, stdout=log, stderr=pipe
        ) as process,
    ):
        yield process
        process.kill()


def _line(process: "subprocess.Popen[bytes]") -> bytes:
    """What an environment prints next. Raises RuntimeError if it fails."""
    line = process.stderr.readline() if process.stderr else b""
    if line.startswith((b"{", b"ready")):
        return line
    raise RuntimeError(f"an environment failed: {line.decode()}")


def _start(process: "subprocess.Popen[bytes]") -> None:
    if process.stdin:
        process.stdin.write(b"\n")
        process.stdin.flush()


def _sum(counted: Iterable[Mapping[str, int]]) -> Counter[str]:
    return sum(map(Counter, counted), Counter[str]())


def summary(
    statuses: Mapping[str, int],
    seconds: float,
    spent_ms: float,
    calls: Mapping[str, int],
    wanted: float,
) -> str:
    """The results as text.

    Args:
        statuses: responses by status.
        seconds: of the whole run.
        spent_ms: processor time of all environments, without their cold starts.
        calls: to AWS and Adobe, by operation.
        wanted: webhooks per second that were to be sent.
    """
    total = sum(statuses.values())
    each = spent_ms / total
    writes = sum(calls.get(name, 0) for name in _WRITES) / total
    processors, units = wanted * each / 1_000, wanted * writes
    lines = (
        f"responses {dict(statuses)} in {seconds:.0f} s, {total / seconds:,.0f}/s",
        f"calls     {dict(calls)}",
        f"CPU       {each:.2f} ms a webhook: {wanted:,.0f}/s take {processors:.1f} processors",
        f"table     {writes:.2f} writes a webhook: {wanted:,.0f}/s are {units:,.0f} write units/s",
    )
    return "\n".join(lines)


if __name__ == "__main__":
    main()
