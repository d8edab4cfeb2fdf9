"""Stubs of AWS, IMS and the inlet in one process over TLS, fast enough not to be measured.

Started as `python -m benchmarks.stub_services PORTS CERTIFICATE KEY PARAMETERS`; the last of the
ports responds after SLOW_TABLE_MS.
`GET /times` returns the microseconds of each request to the inlet since the last `GET /times`;
`GET /calls` returns and resets the number of calls by operation.
"""

import asyncio
import json
import ssl
import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

from benchmarks.responses import answer

SLOW_TABLE_MS = 7
"""About what a write to DynamoDB takes in its region."""


class Connection(asyncio.Protocol):
    """One keep-alive connection."""

    def __init__(
        self,
        parameters: Mapping[str, str],
        times: list[float],
        calls: Counter[str],
        delay: float = 0,
    ) -> None:
        self._delay = delay
        self._parameters = parameters
        self._times = times
        self._calls = calls
        self._received = bytearray()
        self._began = 0.0
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Store the transport for responses."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 (TLS over TCP)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Respond once the request is complete."""
        if not self._received:
            self._began = time.perf_counter()
        self._received += data
        head, blank, rest = self._received.partition(b"\r\n\r\n")
        if not blank:
            return
        request, *lines = head.decode("latin-1").split("\r\n")
        headers = {
            name.lower(): value.strip()
            for name, _, value in (line.partition(":") for line in lines)
        }
        length = int(headers.get("content-length", "0"))
        if len(rest) < length:
            return
        self._received.clear()
        self._answer(request.split(" ")[1], headers, bytes(rest))

    def _answer(self, path: str, headers: Mapping[str, str], content: bytes) -> None:
        if self._transport is None:
            return
        if path == "/times":
            status, kind, body = 200, "application/json", json.dumps(self._times).encode()
            self._times.clear()
        elif path == "/calls":
            status, kind, body = 200, "application/json", json.dumps(self._calls).encode()
            self._calls.clear()
        else:
            target = headers.get("x-amz-target", "")
            self._calls[target.rpartition(".")[2] or path.split("/")[1]] += 1
            status, kind, body = answer(path, target, content, self._parameters)
        head = (
            f"HTTP/1.1 {status} OK\r\ncontent-type: {kind}\r\n"
            f"content-length: {len(body)}\r\nconnection: keep-alive\r\n\r\n"
        )
        if self._delay:
            write = self._transport.write
            asyncio.get_running_loop().call_later(self._delay, write, head.encode() + body)
            return
        self._transport.write(head.encode() + body)
        if path.startswith("/collection/"):
            self._times.append((time.perf_counter() - self._began) * 1e6)


async def serve(
    ports: Sequence[int], context: ssl.SSLContext, parameters: Mapping[str, str]
) -> None:
    """Serve on ports of the loopback address until the process ends."""
    times: list[float] = []
    calls: Counter[str] = Counter()
    delays = [*[0.0] * (len(ports) - 1), SLOW_TABLE_MS / 1000]
    loop = asyncio.get_running_loop()
    servers = [
        await loop.create_server(
            partial(Connection, parameters, times, calls, delay), "127.0.0.1", port, ssl=context
        )
        for port, delay in zip(ports, delays, strict=True)
    ]
    await asyncio.gather(*(server.serve_forever() for server in servers))


if __name__ == "__main__":
    PORTS, CERTIFICATE, KEY, PARAMETERS = sys.argv[1:]
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(CERTIFICATE, KEY)
    known = json.loads(Path(PARAMETERS).read_text(encoding="utf-8"))
    asyncio.run(serve([int(port) for port in PORTS.split(",")], tls, known))
