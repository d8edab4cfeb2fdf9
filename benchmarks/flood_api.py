"""Serve a handler over HTTP, fast enough for thousands of calls a second.

Started as `python -S -m benchmarks.flood_api HANDLER PORT` with the import path of the function.
The body of a POST is an event, the response is the handler's. One call at a time, as in Lambda.
AWS's runtime interface emulator adds more time to a call than a rejection takes.
"""

import asyncio
import importlib
import json
import sys
from collections.abc import Callable
from typing import Any

from benchmarks.invocation import Context


class HandlerServer(asyncio.Protocol):
    """One keep-alive connection."""

    def __init__(self, handler: Callable[[Any, Any], Any]) -> None:
        self._handler = handler
        self._received = bytearray()
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Store the transport for responses."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 (TCP)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Call the handler once the event is complete."""
        self._received += data
        head, blank, content = self._received.partition(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0] or 0)
        if not blank or len(content) < length or self._transport is None:
            return
        event = json.loads(content)
        self._received.clear()
        answer = json.dumps(self._handler(event, Context())).encode()
        self._transport.write(b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n" % len(answer))
        self._transport.write(answer)


async def serve(handler: Callable[[Any, Any], Any], port: int) -> None:
    """Serve until the process ends."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: HandlerServer(handler), "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    module, port = sys.argv[1:]
    asyncio.run(serve(importlib.import_module(module).lambda_handler, int(port)))
