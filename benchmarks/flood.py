"""`python -m benchmarks.flood`: the effect of a flood of forged webhooks on genuine ones.

Two execution environments of the built receiver, a stub of AWS and the inlet that counts requests,
a separate process that sends forged webhooks, and twenty genuine webhooks a second.
"""

import argparse
import http.client
import itertools
import json
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from statistics import quantiles

from benchmarks.artifacts import PYTHON, build
from benchmarks.events import body, webhook
from benchmarks.runtime import BenchmarkRuntime, open_runtime
from benchmarks.subjects import RECEIVER_SHIPPED
from inlet_bridge.local.programs import Program
from inlet_bridge.local.workspace import ROOT, building, reserved_port, run_folder

_ENVIRONMENTS = 2
_GENUINE_PER_SECOND = 20
_ALONE_SECONDS = 15.0
_START_SECONDS = 600.0


@dataclass
class Genuine:
    """The results of the genuine webhooks of one phase."""

    statuses: Counter[int] = field(default_factory=Counter)
    milliseconds: list[float] = field(default_factory=list)

    def summary(self) -> str:
        """One line with statuses and latency."""
        cuts = quantiles(self.milliseconds, n=100)
        return f"{dict(self.statuses)}, p50 {cuts[49]:.2f} ms, p99 {cuts[98]:.2f} ms"


def main() -> None:
    """Measure both phases and print the results."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.flood", description=__doc__)
    parser.add_argument("--rate", type=float, default=2_000, help="forged webhooks per second")
    parser.add_argument("--seconds", type=float, default=60)
    given = parser.parse_args()
    with ExitStack() as stack:
        built = build(stack.enter_context(building()))
        runtime = stack.enter_context(open_runtime(built, run_folder()))
        ports = stack.enter_context(environments(runtime, _ENVIRONMENTS))
        numbers = itertools.count()
        send(ports, numbers, 1.0)  # Excludes the cold starts.
        runtime.calls()
        print(f"alone:   genuine {send(ports, numbers, _ALONE_SECONDS).summary()}")
        print(f"         calls {runtime.calls()}", flush=True)
        with clients(ports, given.rate, given.seconds) as forgers:
            flooded = send(ports, numbers, given.seconds)
            forged = json.loads(forgers.communicate()[0])
        total, seconds = sum(forged["statuses"].values()), forged["seconds"]
        print(f"flooded: genuine {flooded.summary()}")
        print(f"         calls {runtime.calls()}")
        print(f"         forged {forged['statuses']} in {seconds:.0f} s, {total / seconds:,.0f}/s")


def clients(ports: Sequence[int], rate: float, seconds: float) -> "subprocess.Popen[bytes]":
    """Start `benchmarks.flood_clients`, which prints JSON when it ends."""
    argv = [sys.executable, "-m", "benchmarks.flood_clients"]
    argv += [",".join(map(str, ports)), str(rate), str(seconds)]
    return subprocess.Popen(argv, cwd=ROOT, stdout=subprocess.PIPE)


@contextmanager
def environments(runtime: BenchmarkRuntime, number: int) -> Iterator[Sequence[int]]:
    """Serve the built receiver in this number of processes; the ports."""
    subject = RECEIVER_SHIPPED
    path = runtime.artifacts.python_path(subject.bytecode, subject.folders)
    environ = {
        **runtime.variables(),
        "PATH": os.defpath,
        # Of this repository only `benchmarks`: the function and its layers come first. -S leaves
        # out what is installed here.
        "PYTHONPATH": f"{path}:{ROOT}",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    with ExitStack() as stack:
        ports = [stack.enter_context(reserved_port()) for _ in range(number)]
        for port in ports:
            log = runtime.folder / f"flood-{port}.log"
            argv = [str(PYTHON), "-S", "-m", "benchmarks.flood_api", subject.handler, str(port)]
            server = Program(
                "a server of the receiver", argv, environ=environ, cwd=log.parent, log=log
            )
            stack.enter_context(server)
            server.wait_until_ready(partial(_answers, port), _START_SECONDS)
        yield ports


def _answers(port: int) -> bool:
    try:
        http.client.HTTPConnection("127.0.0.1", port, timeout=1).connect()
    except OSError:
        return False
    return True


def send(ports: Sequence[int], numbers: Iterator[int], seconds: float) -> Genuine:
    """Send new genuine webhooks, alternating between the environments."""
    seen = Genuine()
    connections = [http.client.HTTPConnection("127.0.0.1", port, timeout=15) for port in ports]
    began = time.monotonic()
    for count in range(round(seconds * _GENUINE_PER_SECOND)):
        time.sleep(max(began + count / _GENUINE_PER_SECOND - time.monotonic(), 0))
        content = webhook("open", body(1_000), next(numbers))
        connection = connections[count % len(connections)]
        sent = time.monotonic()
        connection.request("POST", "/", content)
        answer = json.loads(connection.getresponse().read())
        seen.milliseconds.append((time.monotonic() - sent) * 1_000)
        seen.statuses[answer["statusCode"]] += 1
    return seen


if __name__ == "__main__":
    main()
