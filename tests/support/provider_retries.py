"""When a provider retries, and what it changes."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from bridge.verification.facts import FACTS
from tests.support.receiver_fakes import RECORDS


def retry_times(name: str) -> Iterator[timedelta]:
    """When the provider retries, after its first attempt: as documented, or within its period."""
    retries = FACTS[name].retries
    if retries.after_seconds:
        times: tuple[int, ...] = retries.after_seconds
    elif retries.within_seconds is None:
        times = (60,)
    else:
        # At most as long as records are kept; see the risks of the catalogue.
        last = min(retries.within_seconds, int(RECORDS.total_seconds()) - 1)
        times = (min(60, last), last // 2, last) if last else ()
    yield from (timedelta(seconds=time) for time in times)


def changed_body(body: bytes, path: list[str], value: int) -> bytes:
    """A JSON body with another value at a path."""
    document = json.loads(body)
    _set(document, path, value)
    return json.dumps(document, separators=(",", ":")).encode()


def _set(node: Any, path: list[str], value: int) -> None:
    first, *rest = path
    if first == "*":
        for item in node:
            _set(item, rest, value)
    elif rest:
        _set(node[first], rest, value)
    else:
        node[first] = value
