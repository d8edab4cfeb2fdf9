"""Send forged webhooks at a rate: `python -m benchmarks.flood_clients PORTS RATE SECONDS`.

Prints the number of responses by status, and the seconds, as JSON.
"""

import asyncio
import json
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import repeat

from benchmarks.events import body, webhook

_CONNECTIONS = 32


def forged() -> Iterator[bytes]:
    """The same webhook with a wrong signature, without end."""
    event = json.loads(webhook("open", body(1_000)))
    event["headers"]["x-hub-signature-256"] = "sha256=" + "0" * 64
    return repeat(json.dumps(event).encode())


async def send(
    ports: Sequence[int], events: Iterator[bytes], rate: float, seconds: float
) -> Counter[int]:
    """Send at a steady rate, or as fast as the responses come if those are slower."""
    statuses: Counter[int] = Counter()
    began = time.monotonic()
    numbered = zip(range(round(rate * seconds)), events, strict=False)

    async def one(port: int) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for number, event in numbered:
            wait = began + number / rate - time.monotonic()
            if wait > 0:
                await asyncio.sleep(wait)
            writer.write(b"POST / HTTP/1.1\r\ncontent-length: %d\r\n\r\n%s" % (len(event), event))
            head = await reader.readuntil(b"\r\n\r\n")
            length = int(head.rpartition(b":")[2])
            statuses[json.loads(await reader.readexactly(length))["statusCode"]] += 1
        writer.close()

    await asyncio.gather(*(one(ports[each % len(ports)]) for each in range(_CONNECTIONS)))
    return statuses


if __name__ == "__main__":
    given, wanted, length = sys.argv[1:]
    start = time.monotonic()
    answered = asyncio.run(
        send([*map(int, given.split(","))], forged(), float(wanted), float(length))
    )
    print(json.dumps({"statuses": answered, "seconds": time.monotonic() - start}))
