"""Functions that expressions can call in addition to JMESPath's own.

Converting null returns null, so that a value that the webhook lacks is omitted from the message.
"""

import base64
import hashlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote_to_bytes

from jmespath.functions import signature

from bridge.json_numbers import JsonNumber, Number
from bridge.messages.dates import from_epoch, from_text
from bridge.messages.decimals import as_number, decimal_of
from bridge.messages.jmespath_numbers import OPTIONAL, ConversionError, ExactFunctions
from bridge.messages.money import Unit, major_units, unit_of, unit_of_source
from bridge.strict_json import read_json

if TYPE_CHECKING:
    from jmespath.functions import _Signature

_TEXT: "_Signature" = {"types": ["string", "null"]}
_TEXT_OR_NUMBER: "_Signature" = {"types": ["string", "number", "null"]}
_OPTIONAL_TEXT: Any = {**_TEXT, OPTIONAL: True}
_ANY: "_Signature" = {"types": []}

_MOST_BYTES: Final = 1_000_000
"""Of a text for `hex`, which doubles it; a message to the inlet has no more."""

_ACCEPTED: Final = {
    "date": "an ISO 8601, RFC 2822 or HTTP date, or Unix time",
    "date_from_seconds": (
        "Unix time in seconds; date_from_milliseconds() takes milliseconds, and date() a date in"
        " ISO 8601"
    ),
    "date_from_milliseconds": "Unix time in milliseconds, until the year 9999",
    "number": "a number, or a text that is one, such as '12.50'",
    "money": "a number, or a text that is one, and a currency of three letters, such as 'EUR'",
    "parse_json": "a text of JSON",
    "base64_decode": "a text in Base64",
    "base64url_decode": "a text in Base64 for URLs",
    "hex_decode": "pairs of hexadecimal digits",
}
"""By the name of a function, what it converts."""


class MappingFunctions(ExactFunctions):
    """JMESPath's functions and additional ones, named by the part after `_func_`.

    Args:
        provider: of the source, for amounts without a provider of their own.
    """

    def __init__(self, provider: str = "") -> None:
        self._provider = provider

    @signature(_TEXT)
    def _func_lower(self, text: str | None) -> str | None:
        return None if text is None else text.lower()

    @signature(_TEXT)
    def _func_upper(self, text: str | None) -> str | None:
        return None if text is None else text.upper()

    @signature(_TEXT)
    def _func_trim(self, text: str | None) -> str | None:
        return None if text is None else text.strip()

    @signature(_TEXT)
    def _func_sha256(self, text: str | None) -> str | None:
        if text is None:
            return None
        return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()

    @signature(_TEXT_OR_NUMBER)
    def _func_date(self, given: str | Number | None) -> str | None:
        return _converted("date", _date, given)

    @signature(_TEXT_OR_NUMBER)
    def _func_date_from_seconds(self, given: str | Number | None) -> str | None:
        return _converted("date_from_seconds", lambda value: from_epoch(float(value)), given)

    @signature(_TEXT_OR_NUMBER)
    def _func_date_from_milliseconds(self, given: str | Number | None) -> str | None:
        return _converted(
            "date_from_milliseconds", lambda value: from_epoch(float(value) / 1000), given
        )

    @signature(_TEXT_OR_NUMBER)
    def _func_number(self, given: str | Number | None) -> Number | None:
        return _converted("number", lambda value: as_number(decimal_of(value)), given)

    @signature(_TEXT_OR_NUMBER, _TEXT, _OPTIONAL_TEXT)
    def _func_money(
        self, minor: str | Number | None, currency: str | None, *of: str | None
    ) -> Number | None:
        [provider] = of or (self._provider,)
        if currency is None or provider is None:
            return None
        unit = _unit_named(provider) if of else unit_of_source(provider)
        return _converted("money", lambda value: major_units(value, currency, unit), minor)

    @signature(_ANY, _ANY)
    def _func_default(self, value: Any, otherwise: Any) -> Any:
        return otherwise if value is None or value == "" else value

    @signature({"types": ["array", "null"]})
    def _func_first(self, values: list[Any] | None) -> Any:
        return values[0] if values else None

    @signature({"types": ["array", "object", "null"]})
    def _func_compact(self, values: list[Any] | dict[str, Any] | None) -> Any:
        if isinstance(values, dict):
            return {name: value for name, value in values.items() if not _is_empty(value)}
        return None if values is None else [value for value in values if not _is_empty(value)]

    @signature(_TEXT)
    def _func_parse_json(self, text: str | None) -> Any:
        return _converted("parse_json", lambda value: read_json(value.removeprefix("\ufeff")), text)

    @signature(_TEXT)
    def _func_base64_decode(self, text: str | None) -> str | None:
        return _decoded("base64_decode", lambda value: _from_base64(value, b"+/"), text)

    @signature(_TEXT)
    def _func_base64url_decode(self, text: str | None) -> str | None:
        return _decoded("base64url_decode", lambda value: _from_base64(value, b"-_"), text)

    @signature(_TEXT)
    def _func_url_decode(self, text: str | None) -> str | None:
        return _decoded("url_decode", lambda value: unquote_to_bytes(value.replace("+", " ")), text)

    @signature(_TEXT)
    def _func_hex(self, text: str | None) -> str | None:
        return _converted("hex", _hexadecimal, text)

    @signature(_TEXT)
    def _func_hex_decode(self, text: str | None) -> str | None:
        return _decoded("hex_decode", bytes.fromhex, text)


def _converted[V](name: str, convert: Callable[[Any], V], given: Any) -> V | None:
    if given is None or given == "":
        return None
    try:
        return convert(given)
    except (ValueError, OverflowError, RecursionError):
        accepted = f"; it takes {_ACCEPTED[name]}" if name in _ACCEPTED else ""
        raise ConversionError(f"{name}() cannot convert what it is given{accepted}") from None


def _unit_named(provider: str) -> Unit:
    try:
        return unit_of(provider)
    except ValueError:
        pass
    # Outside of the except clause: the name can be a value of the webhook.
    raise ConversionError("money() has no provider of this name")


def _decoded(name: str, decode: Callable[[str], bytes], given: str | None) -> str | None:
    found = _converted(name, decode, given)
    try:
        return None if found is None else found.decode()
    except UnicodeDecodeError:
        pass
    # Outside of the except clause: its exception holds the bytes.
    raise ConversionError(f"{name}() decodes to bytes that are not UTF-8")


def _from_base64(text: str, last: bytes) -> bytes:
    """Decode Base64 with these two last characters; padding and line breaks are optional."""
    packed = "".join(text.split()).rstrip("=")
    return base64.b64decode(packed + "=" * (-len(packed) % 4), altchars=last, validate=True)


def _hexadecimal(text: str) -> str:
    content = text.encode(errors="surrogatepass")
    if len(content) > _MOST_BYTES:
        raise ValueError("is too long")
    return content.hex()


def _date(given: str | Number) -> str:
    return from_text(str(float(given) if isinstance(given, JsonNumber) else given))


def _is_empty(value: Any) -> bool:
    return value is None or value in ("", [], {})
