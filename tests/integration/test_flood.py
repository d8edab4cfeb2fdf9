"""Tests of the load generator for webhooks."""

import asyncio
import hmac
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from benchmarks.events import SECRET
from benchmarks.flood_api import Context, HandlerServer
from benchmarks.flood_clients import forged, genuine, send
from benchmarks.rate import summary


def test_every_forged_webhook_gets_the_response_of_the_handler() -> None:
    seen: Counter[str] = Counter()

    def handler(event: dict[str, Any], context: Context) -> dict[str, Any]:
        assert context.get_remaining_time_in_millis() == 15_000
        seen[event["headers"]["x-hub-signature-256"]] += 1
        return {"statusCode": 401, "body": "{}"}

    assert asyncio.run(flood(handler, forged())) == {401: 200}
    assert seen == {"sha256=" + "0" * 64: 200}


def test_genuine_webhooks_have_each_their_own_id_and_signature() -> None:
    seen: set[str] = set()

    def handler(event: dict[str, Any], _context: Context) -> dict[str, Any]:
        mac = hmac.new(SECRET.encode(), event["body"].encode(), "sha256").hexdigest()
        assert event["headers"]["x-hub-signature-256"] == f"sha256={mac}"
        seen.add(event["headers"]["x-github-delivery"])
        return {"statusCode": 200, "body": "{}"}

    assert asyncio.run(flood(handler, genuine())) == {200: 200}
    assert len(seen) == 200


async def flood(
    handler: Callable[[dict[str, Any], Context], dict[str, Any]], events: Iterator[bytes]
) -> Counter[int]:
    """Send 200 webhooks to a server of this handler."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: HandlerServer(handler), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server:
        return await send([port], events, rate=2_000, seconds=0.1)


def test_rate_is_reported_with_the_writes_and_processors_that_it_takes() -> None:
    text = summary(
        {"200": 60_000}, 30.0, 48_000.0, {"PutItem": 60_000, "UpdateItem": 60_000}, 2_000
    )

    assert "60000} in 30 s, 2,000/s" in text
    assert "0.80 ms a webhook: 2,000/s take 1.6 processors" in text
    assert "2.00 writes a webhook: 2,000/s are 4,000 write units/s" in text
