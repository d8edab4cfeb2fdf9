"""JSON as the standard has it: Python's own reader takes more."""

import json
from functools import lru_cache
from typing import Any, Never


def read_json(text: str) -> Any:
    """Read a text.

    Raises:
        ValueError: it is no JSON, or has NaN, Infinity or a number of thousands of digits.
        RecursionError: it is nested too deeply.
    """
    return json.loads(text, parse_constant=_refuse_constant)


# A webhook is asked for its signature, time, id and type, and then for what it says: reading it
# once serves all of them.
@lru_cache(maxsize=1)
def read_body(body: bytes) -> Any:
    """The document of a body in UTF-8, which nobody may change. Raises as `read_json`."""
    return read_json(body.decode())


def write_json(value: object) -> bytes:
    """Write a value compactly, in UTF-8.

    Raises:
        ValueError: a number in it is none of JSON's.
        RecursionError: it is nested too deeply.
    """
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    try:
        return text.encode()
    except UnicodeEncodeError:  # Half of a surrogate pair, which JSON can only write escaped.
        return json.dumps(value, allow_nan=False, separators=(",", ":")).encode()


def _refuse_constant(name: str) -> Never:
    raise ValueError(name)  # NaN and Infinity are Python's, not JSON's.
