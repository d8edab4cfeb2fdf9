"""The runtime of benchmark subjects: artifacts, stub services and execution environments."""

import http.client
import json
import os
import ssl
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from benchmarks import events
from benchmarks.artifacts import Artifacts, prepare
from benchmarks.certificate import write_certificate
from benchmarks.environment import Environment
from benchmarks.subjects import INLET_MS, TABLE_MS, Subject
from inlet_bridge.local.programs import Program
from inlet_bridge.local.workspace import ROOT, reserved_port

INLET_ID = "a" * 64
_START_SECONDS = 600.0


class Ports(NamedTuple):
    """The ports of the stub services, one per service so that each has its own connections."""

    ssm: int
    dynamodb: int
    adobe: int
    slow_dynamodb: int
    slow_adobe: int


@dataclass(slots=True)
class BenchmarkRuntime:
    """Starts subjects against the stub services."""

    artifacts: Artifacts
    folder: Path
    ports: Ports
    http: http.client.HTTPSConnection
    started: int = 0

    def environment(
        self, subject: Subject, more: Mapping[str, str] = MappingProxyType({})
    ) -> Environment:
        """A fresh execution environment for a subject."""
        self.started += 1
        return Environment(
            f"{subject.handler}.lambda_handler",
            self.artifacts.python_path(subject.bytecode, subject.folders),
            {**self.variables(subject.source, slow_table=subject.slow_table), **more},
            self.folder / f"environment-{self.started}.log",
        )

    def variables(self, source: str = "open", *, slow_table: bool = False) -> dict[str, str]:
        """The environment variables of a subject."""
        table = self.ports.slow_dynamodb if slow_table else self.ports.dynamodb
        adobe = f"https://127.0.0.1:{self.ports.adobe}"
        return {
            "AWS_ACCESS_KEY_ID": "AKIABENCH",
            "AWS_SECRET_ACCESS_KEY": "bench",
            "AWS_SESSION_TOKEN": "bench",
            "AWS_REGION": "eu-central-1",
            "AWS_DEFAULT_REGION": "eu-central-1",
            "AWS_ENDPOINT_URL": f"https://127.0.0.1:{self.ports.ssm}",
            "AWS_ENDPOINT_URL_DYNAMODB": f"https://127.0.0.1:{table}",
            "STAGE": "bench",
            "ADOBE_IMS_URL": adobe,
            "ADOBE_CREDENTIALS": "/inlet-bridge/bench/secrets/adobe",
            "INLET_HOSTS": f"127.0.0.1:{self.ports.adobe},127.0.0.1:{self.ports.slow_adobe}",
            "BUFFER_QUEUE_URL": "https://sqs.eu-central-1.amazonaws.com/123456789012/buffer",
            "DEAD_LETTER_QUEUE_URL": "https://sqs.eu-central-1.amazonaws.com/123456789012/dead-letters",
            "DELIVERIES_TABLE": "deliveries",
            "RECORD_DAYS": "8",
            "RETRY_HOURS": "72",
            # No rate limit: it is not measured.
            "INLET_MESSAGES_PER_SECOND": "10000000",
            "FORWARDER_CONCURRENCY": "1",
            "POWERTOOLS_METRICS_NAMESPACE": "InletBridge/bench",
            "POWERTOOLS_SERVICE_NAME": "bench",
            "POWERTOOLS_LOG_LEVEL": "INFO",
            "SECRET_NAME": "/inlet-bridge/bench/secrets/webhooks",
            "ADDRESS_NAME": f"/inlet-bridge/bench/addresses/{source}",
        }

    def calls(self) -> dict[str, int]:
        """The number of calls by operation since the last call of this method."""
        self.http.request("GET", "/calls")
        counted: dict[str, int] = json.loads(self.http.getresponse().read())
        return counted

    def inlet_times_ms(self) -> list[float]:
        """The milliseconds of each request to the inlet since the last call of this method."""
        self.http.request("GET", "/times")
        times: list[float] = json.loads(self.http.getresponse().read())
        return [microseconds / 1000 for microseconds in times]


@contextmanager
def open_runtime(built: Path, folder: Path) -> Iterator[BenchmarkRuntime]:
    """Prepare copies of the artifacts and start the stub services."""
    with open_runtimes(built, folder, 1) as [runtime]:
        yield runtime


@contextmanager
def open_runtimes(built: Path, folder: Path, number: int) -> Iterator[list[BenchmarkRuntime]]:
    """As `open_runtime`, with stub services for each of so many environments that run at once.

    The threads of one process would wait for each other.
    """
    certificate, key = write_certificate(folder)
    artifacts = prepare(built, folder, certificate)
    with ExitStack() as stack:
        yield [
            BenchmarkRuntime(
                artifacts, folder, *stack.enter_context(_stub_services(folder, certificate, key))
            )
            for _ in range(number)
        ]


@contextmanager
def _stub_services(
    folder: Path, certificate: Path, key: Path
) -> Iterator[tuple[Ports, http.client.HTTPSConnection]]:
    """Start stub services; their ports, and a connection for counts and times."""
    with ExitStack() as reserved:
        ports = Ports(*(reserved.enter_context(reserved_port()) for _ in Ports._fields))
        known = folder / f"parameters-{ports.ssm}.json"
        inlet_urls = (
            f"https://127.0.0.1:{port}/collection/{INLET_ID}"
            for port in (ports.adobe, ports.slow_adobe)
        )
        known.write_text(json.dumps(events.parameters(*inlet_urls)), encoding="utf-8")
        trust = ssl.create_default_context(cafile=str(certificate))
        connection = http.client.HTTPSConnection(
            "127.0.0.1", ports.adobe, timeout=60, context=trust
        )
        argv = [sys.executable, "-m", "benchmarks.stub_services"]
        delays = {ports.slow_dynamodb: TABLE_MS, ports.slow_adobe: INLET_MS}
        listened = ",".join(f"{port}:{delays.get(port, 0)}" for port in ports)
        argv += [listened, str(certificate), str(key), str(known)]
        log = folder / f"stub-services-{ports.ssm}.log"
        with Program("the stub services", argv, environ=os.environ, cwd=ROOT, log=log) as program:
            program.wait_until_ready(lambda: _answers(connection), _START_SECONDS)
            yield ports, connection
            connection.close()


def _answers(connection: http.client.HTTPSConnection) -> bool:
    try:
        connection.connect()
    except OSError:
        return False
    return True
