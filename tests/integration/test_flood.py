"""Tests of the load generator for webhooks."""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from benchmarks.flood_api import HandlerServer
from benchmarks.flood_clients import forged, send
from benchmarks.invocation import Context


def test_every_forged_webhook_gets_the_response_of_the_handler() -> None:
    seen: Counter[str] = Counter()

    def handler(event: dict[str, Any], context: Context) -> dict[str, Any]:
        assert context.get_remaining_time_in_millis() == 15_000
        seen[event["headers"]["x-hub-signature-256"]] += 1
        return {"statusCode": 401, "body": "{}"}

    assert asyncio.run(flood(handler, forged())) == {401: 200}
    assert seen == {"sha256=" + "0" * 64: 200}


async def flood(
    handler: Callable[[dict[str, Any], Context], dict[str, Any]], events: Iterator[bytes]
) -> Counter[int]:
    """Send 200 webhooks to a server of this handler."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: HandlerServer(handler), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server:
        return await send([port], events, rate=2_000, seconds=0.1)
