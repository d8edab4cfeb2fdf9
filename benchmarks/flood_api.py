"""An execution environment that thousands of calls a second get through: the handler, and HTTP.

Started as `python -S flood_door.py HANDLER PORT` with the function's own path of imports. A POST
carries an event, its answer is the handler's. One call at a time, as in Lambda. AWS's runtime
emulator, under which the benchmark runs, takes longer for a call than a refusal does.
"""

import asyncio
import importlib
import json
import sys
from collections.abc import Callable
from typing import Any


class Context:
    """What the handlers read of it."""

    function_name = "flood"
    memory_limit_in_mb = 512
    invoked_function_arn = "arn:aws:lambda:eu-central-1:123456789012:function:flood"
    aws_request_id = "flood"

    @staticmethod
    def get_remaining_time_in_millis() -> int:
        """As at the beginning of a call."""
        return 15_000


class HandlerServer(asyncio.Protocol):
    """One kept-alive connection."""

    def __init__(self, handler: Callable[[Any, Any], Any]) -> None:
        self._handler = handler
        self._received = bytearray()
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep where answers go."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 (what TCP gives)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Call the handler as soon as an event is whole."""
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
    """Serve until the process is ended."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: HandlerServer(handler), "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    module, port = sys.argv[1:]
    asyncio.run(serve(importlib.import_module(module).lambda_handler, int(port)))
