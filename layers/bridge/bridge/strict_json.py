"""Read and write standard JSON without changing its numbers.

The `json` module also accepts NaN and Infinity, and makes doubles of decimals. Here a decimal is a
`JsonNumber`, which is written as it was read; an integer is an int, except `-0` and one with more
digits than Python converts (4,300), which are JsonNumbers too.
"""

import json
import re
from functools import lru_cache
from hashlib import sha256
from typing import Any, Never

from bridge.json_numbers import JsonNumber

# Python's default, which the functions do not change: sys.get_int_max_str_digits().
_MOST_DIGITS = 4_300
_MARK = "a number of the document"
_NEGATIVE_ZERO = re.compile(r"-0(?<![^\s:,\[]-0)(?![\d.eE])")


def read_json(text: str) -> Any:
    """Parse a JSON text.

    Raises:
        ValueError: it is not JSON, or has NaN or Infinity.
        RecursionError: it is nested too deeply.
    """
    if _NEGATIVE_ZERO.search(text):
        return _ODD_INTEGERS.decode(text)
    try:
        return _DECODER.decode(text)
    except json.JSONDecodeError:
        raise
    except ValueError:  # An integer has too many digits for int, or a constant is not JSON.
        return _ODD_INTEGERS.decode(text)


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
    try:
        return write_json_text(value).encode()
    except UnicodeEncodeError:  # A lone surrogate must be escaped.
        return write_json_text(value, ascii_only=True).encode()


def write_json_text(value: object, *, indent: int | None = None, ascii_only: bool = False) -> str:
    """Write a value as JSON, compact without `indent`. Raises as `write_json`."""
    text, numbers = _with_marks(value, _MARK, indent, ascii_only=ascii_only)
    if not numbers:
        return text
    parts = text.split(f'"{_MARK}"')
    if len(parts) != len(numbers) + 1:
        # A string of the value contains the mark; none can contain the hash of the value.
        mark = sha256(text.encode(errors="surrogatepass")).hexdigest()
        text, numbers = _with_marks(value, mark, indent, ascii_only=ascii_only)
        parts = text.split(f'"{mark}"')
    pieces = [parts[0]]
    for number, part in zip(numbers, parts[1:], strict=True):
        pieces += (number, part)
    return "".join(pieces)


def _with_marks(
    value: object, mark: str, indent: int | None, *, ascii_only: bool
) -> tuple[str, list[str]]:
    """Write a value with a mark for each JsonNumber, and return their texts in this order."""
    numbers: list[str] = []

    def marked(number: object) -> str:
        if not isinstance(number, JsonNumber):
            raise TypeError(f"{type(number).__name__} is not JSON")
        numbers.append(number.text)
        return mark

    text = json.dumps(
        value,
        default=marked,
        ensure_ascii=ascii_only,
        allow_nan=False,
        indent=indent,
        separators=(",", ":") if indent is None else None,
    )
    return text, numbers


def _integer(text: str) -> int | JsonNumber:
    is_odd = text == "-0" or len(text.lstrip("-")) > _MOST_DIGITS
    return JsonNumber(text) if is_odd else int(text)


def _reject_constant(name: str) -> Never:
    raise ValueError(name)  # NaN and Infinity are not JSON.


# `json.loads` with arguments would build a decoder for each text.
_DECODER = json.JSONDecoder(parse_float=JsonNumber, parse_constant=_reject_constant)
_ODD_INTEGERS = json.JSONDecoder(
    parse_float=JsonNumber, parse_int=_integer, parse_constant=_reject_constant
)
