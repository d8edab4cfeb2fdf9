"""Tests of the load generator for forged webhooks."""

import asyncio
from collections import Counter
from typing import Any

from benchmarks.flood_api import Context, HandlerServer
from benchmarks.flood_clients import forge


def test_every_forged_webhook_gets_the_response_of_the_handler() -> None:
    seen: Counter[str] = Counter()

    def handler(event: dict[str, Any], context: Context) -> dict[str, Any]:
        assert context.get_remaining_time_in_millis() == 15_000
        seen[event["headers"]["x-hub-signature-256"]] += 1
        return {"statusCode": 401, "body": "{}"}

    async def flood() -> Counter[int]:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: HandlerServer(handler), "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        async with server:
            return await forge([port], rate=2_000, seconds=0.1)

    assert asyncio.run(flood()) == {401: 200}
    assert seen == {"sha256=" + "0" * 64: 200}
