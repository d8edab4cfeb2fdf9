"""An execution environment: a function in AWS's runtime interface emulator.

One process is one environment and handles one call at a time, as in Lambda. https://github.com/aws/aws-lambda-runtime-interface-emulator
"""

import http.client
import json
import os
import re
import time
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any, Self

from benchmarks.artifacts import PYTHON
from benchmarks.imports import Import, read_imports
from benchmarks.processes import cpu_ms, leaf_of, resident_mb
from inlet_bridge.local.programs import Program
from inlet_bridge.local.workspace import SAM, reserved_port

_EMULATOR = SAM.parents[1] / "lib/python3.13/site-packages/samcli/local/rapid/aws-lambda-rie-x86_64"
_INVOCATIONS = "/2015-03-31/functions/function/invocations"
_DURATION = re.compile(r"INVOKE RTDONE\(.*duration: ([\d.]+)ms\)")
_INIT = re.compile(r"INIT REPORT\(durationMs: ([\d.]+)\)")
_START_SECONDS = 600.0


@dataclass(frozen=True, slots=True)
class Start:
    """A cold start, in milliseconds and MB.

    Attributes:
        init: from the start of the process to the first `next`, from the emulator's log.
        first: the first call, as measured by the caller, including INIT.
        cpu: of the process, from its start to the first response.
        resident: peak memory after the first response.
    """

    init: float
    first: float
    cpu: float
    resident: float


class Environment:
    """A running function."""

    def __init__(
        self, handler: str, python_path: str, variables: Mapping[str, str], log: Path
    ) -> None:
        """Start the emulator; the function itself starts with the first call."""
        self._log = log
        self._ports = ExitStack()
        self._port, api = (self._ports.enter_context(reserved_port()) for _ in range(2))
        argv = [
            str(_EMULATOR),
            *("--runtime-interface-emulator-address", f"127.0.0.1:{self._port}"),
            *("--runtime-api-address", f"127.0.0.1:{api}"),
            *(str(PYTHON), "-S", "-m", "awslambdaric", handler),
        ]
        # /var/task and /opt are read-only in Lambda, so no bytecode is written for the next start.
        environ = {
            "PATH": os.defpath,
            # The folders of the function and its layers; -S leaves out what is installed here.
            "PYTHONPATH": python_path,
            "PYTHONDONTWRITEBYTECODE": "1",
            "AWS_LAMBDA_FUNCTION_NAME": "bench",
            "AWS_LAMBDA_FUNCTION_TIMEOUT": "60",
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "512",
            **variables,
        }
        self._program = Program("the runtime", argv, environ=environ, cwd=log.parent, log=log)
        self._http = http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)
        self._pid = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()
        self._program.stop()
        self._ports.close()

    def start(self, event: bytes) -> Start:
        """The first call, which starts the function."""
        self._program.wait_until_ready(self._listening, _START_SECONDS)
        began = time.perf_counter()
        self.call(event)
        first = (time.perf_counter() - began) * 1000
        self._pid = leaf_of(self._program.pid)
        [init] = _INIT.findall(self._log_text())
        return Start(
            init=float(init),
            first=first,
            cpu=self.cpu_ms(),
            resident=resident_mb(self._pid),
        )

    def call(self, event: bytes) -> dict[str, Any]:
        """Call the function.

        Raises:
            RuntimeError: the call failed; the log has the reason.
        """
        self._http.request("POST", _INVOCATIONS, event)
        answer: dict[str, Any] = json.loads(self._http.getresponse().read())
        if answer.get("statusCode") != HTTPStatus.OK and answer.get("batchItemFailures") != []:
            raise RuntimeError(f"a call failed; see {self._log}")
        return answer

    def cpu_ms(self) -> float:
        """CPU time of the function's process so far."""
        return cpu_ms(self._pid)

    def durations_ms(self) -> list[float]:
        """The duration of each call in milliseconds, from the emulator's log."""
        return [float(found) for found in _DURATION.findall(self._log_text())]

    def imports(self) -> list[Import]:
        """The imports so far; requires `PYTHONPROFILEIMPORTTIME`."""
        return read_imports(self._log_text())

    def _log_text(self) -> str:
        return self._log.read_text(encoding="utf-8", errors="replace")

    def _listening(self) -> bool:
        try:
            self._http.connect()
        except OSError:
            return False
        return True
