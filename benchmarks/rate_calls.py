"""Call a handler with prepared events, one after the other, as fast as it returns.

Started as `python -S -m benchmarks.rate_calls HANDLER EVENTS` with the import path of the function;
EVENTS is a file with an event per line. The first is the cold start; then it prints a line and
waits for one. After the calls it prints their results as JSON. All to standard error, since
standard output is the log of the handler.
"""

import importlib
import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypedDict

from benchmarks.invocation import Context


class Calls(TypedDict):
    """The calls of one environment: responses by status, and milliseconds of its processor."""

    statuses: dict[str, int]
    cpu_ms: float


def call_all(handler: Callable[[Any, Any], Any], events: Iterable[bytes]) -> Calls:
    """Call a handler with each event, which is parsed as the runtime does."""
    context = Context()
    statuses: Counter[int] = Counter()
    before = time.process_time()
    for event in events:
        statuses[handler(json.loads(event), context)["statusCode"]] += 1
    spent = time.process_time() - before
    return {"statuses": {str(status): n for status, n in statuses.items()}, "cpu_ms": spent * 1e3}


if __name__ == "__main__":
    module, prepared = sys.argv[1:]
    first, *others = Path(prepared).read_bytes().splitlines()
    lambda_handler = importlib.import_module(module).lambda_handler
    call_all(lambda_handler, [first])
    print("ready", file=sys.stderr, flush=True)
    sys.stdin.readline()
    print(json.dumps(call_all(lambda_handler, others)), file=sys.stderr, flush=True)
