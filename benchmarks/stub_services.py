"""Stubs of AWS, IMS and the inlet in one process over TLS, fast enough not to be measured.

Started as `python -m benchmarks.stub_services PORTS CERTIFICATE KEY PARAMETERS`, with ports such
as `8000,8001,8002:7`: the last one responds after 7 ms. Each connection has a thread, which takes
three quarters of the processor time of an event loop: the functions that are measured share the
processors with it.
`GET /times` returns the microseconds of each request to the inlet since the last `GET /times`;
`GET /calls` returns and resets the number of calls by operation.
"""

import json
import socket
import ssl
import sys
import time
from collections import Counter, deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from threading import Thread

from benchmarks.responses import answer
from benchmarks.stub_requests import Request, read_request


class StubServices:
    """Responds to requests on any number of connections. Thread-safe."""

    def __init__(self, parameters: Mapping[str, str]) -> None:
        self._parameters = parameters
        # Appending to a deque and removing from it are atomic.
        self._times: deque[float] = deque()
        self._calls: deque[str] = deque()

    def serve(self, connection: socket.socket, delay: float = 0) -> None:
        """Respond, each time after so many seconds, until the connection ends."""
        with connection, suppress(OSError):
            while request := read_request(connection.recv):
                response = self.respond(request)
                if delay:
                    time.sleep(delay)
                # Before the response: whoever has it may ask for the times at once.
                if not delay and request.path.startswith("/collection/"):
                    self._times.append((time.perf_counter() - request.began) * 1e6)
                connection.sendall(response)

    def respond(self, request: Request) -> bytes:
        """The response to a request."""
        path, target = request.path, request.target
        if path == "/times":
            status, kind, body = 200, "application/json", _json(_drained(self._times))
        elif path == "/calls":
            status, kind, body = 200, "application/json", _json(Counter(_drained(self._calls)))
        else:
            self._calls.append(target.rpartition(".")[2] or path.split("/")[1])
            status, kind, body = answer(path, target, request.content, self._parameters)
        head = (
            f"HTTP/1.1 {status} OK\r\ncontent-type: {kind}\r\n"
            f"content-length: {len(body)}\r\nconnection: keep-alive\r\n\r\n"
        )
        return head.encode() + body

    def listen(self, port: int, context: ssl.SSLContext, delay: float = 0) -> None:
        """Serve a port of the loopback address until the process ends."""
        with socket.create_server(("127.0.0.1", port)) as listener:
            # Connections inherit it; without it, a response may wait for an acknowledgement.
            listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            while True:
                accepted, _ = listener.accept()
                _start(self._handshake, accepted, context, delay)

    def _handshake(self, accepted: socket.socket, context: ssl.SSLContext, delay: float) -> None:
        with suppress(OSError):
            self.serve(context.wrap_socket(accepted, server_side=True), delay)


def ports_and_delays(text: str) -> list[tuple[int, float]]:
    """Read ports such as `8000,8001:7`: the milliseconds of the text, as seconds."""
    parts = (port.partition(":") for port in text.split(","))
    return [(int(port), int(delay or 0) / 1000) for port, _, delay in parts]


def _start[*Args](function: Callable[[*Args], None], *args: *Args) -> Thread:
    thread = Thread(target=function, args=args, daemon=True)
    thread.start()
    return thread


def _drained[T](values: deque[T]) -> list[T]:
    """Remove and return the values that are there now."""
    return [values.popleft() for _ in range(len(values))]


def _json(document: object) -> bytes:
    return json.dumps(document).encode()


if __name__ == "__main__":
    PORTS, CERTIFICATE, KEY, PARAMETERS = sys.argv[1:]
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(CERTIFICATE, KEY)
    services = StubServices(json.loads(Path(PARAMETERS).read_text(encoding="utf-8")))
    for each in [
        _start(services.listen, port, tls, delay) for port, delay in ports_and_delays(PORTS)
    ]:
        each.join()
