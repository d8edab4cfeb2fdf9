"""Read and write standard JSON; the `json` module also accepts NaN and Infinity."""

import json
from functools import lru_cache
from typing import Any, Never


def read_json(text: str) -> Any:
    """Parse a JSON text.

    Raises:
        ValueError: it is not JSON, or has NaN, Infinity or a number of thousands of digits.
        RecursionError: it is nested too deeply.
    """
    return json.loads(text, parse_constant=_reject_constant)


# Signature, time, id, type and mapping of a webhook are all read from the same body.
@lru_cache(maxsize=1)
def read_body(body: bytes) -> Any:
    """Parse a body in UTF-8; callers must not modify the result. Raises as `read_json`."""
    return read_json(body.decode())


def write_json(value: object) -> bytes:
    """Write a value as compact JSON in UTF-8.

    Raises:
        ValueError: it contains NaN or Infinity.
        RecursionError: it is nested too deeply.
    """
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    try:
        return text.encode()
    except UnicodeEncodeError:  # A lone surrogate must be escaped.
        return json.dumps(value, allow_nan=False, separators=(",", ":")).encode()


def _reject_constant(name: str) -> Never:
    raise ValueError(name)  # NaN and Infinity are not JSON.
