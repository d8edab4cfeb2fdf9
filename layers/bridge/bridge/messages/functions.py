"""Functions that expressions can call in addition to JMESPath's own.

Converting null returns null, so that a value that the webhook lacks is omitted from the message.
"""

import hashlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from jmespath.functions import Functions, signature

from bridge.messages.dates import from_epoch, from_text
from bridge.messages.money import as_number, decimal_of, major_units
from bridge.strict_json import read_json

if TYPE_CHECKING:
    from jmespath.functions import _Signature

_TEXT: "_Signature" = {"types": ["string", "null"]}
_TEXT_OR_NUMBER: "_Signature" = {"types": ["string", "number", "null"]}
_ANY: "_Signature" = {"types": []}


class ConversionError(ValueError):
    """A function does not support a value; the message names the function, never the value."""


class MappingFunctions(Functions):
    """JMESPath's functions and additional ones, named by the part after `_func_`."""

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
    def _func_date(self, given: str | float | None) -> str | None:
        return _converted("date", lambda value: from_text(str(value)), given)

    @signature(_TEXT_OR_NUMBER)
    def _func_date_from_seconds(self, given: str | float | None) -> str | None:
        return _converted("date_from_seconds", lambda value: from_epoch(float(value)), given)

    @signature(_TEXT_OR_NUMBER)
    def _func_date_from_milliseconds(self, given: str | float | None) -> str | None:
        return _converted(
            "date_from_milliseconds", lambda value: from_epoch(float(value) / 1000), given
        )

    @signature(_TEXT_OR_NUMBER)
    def _func_number(self, given: str | float | None) -> float | None:
        return _converted("number", lambda value: as_number(decimal_of(value)), given)

    @signature(_TEXT_OR_NUMBER, _TEXT)
    def _func_money(self, minor: str | float | None, currency: str | None) -> float | None:
        if currency is None:
            return None
        return _converted("money", lambda value: major_units(value, currency), minor)

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
        return _converted("parse_json", read_json, text)


def _converted[V](name: str, convert: Callable[[Any], V], given: Any) -> V | None:
    if given is None or given == "":
        return None
    try:
        return convert(given)
    except (ValueError, OverflowError, RecursionError):
        raise ConversionError(f"{name}() cannot convert what it is given") from None


def _is_empty(value: Any) -> bool:
    return value is None or value in ("", [], {})
