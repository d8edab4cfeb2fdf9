"""JMESPath with exact numbers: its literals, and its own functions of numbers."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from numbers import Number as AnyNumber
from typing import TYPE_CHECKING, Any, ClassVar, Final

from jmespath.exceptions import LexerError, ParseError
from jmespath.functions import Functions, signature
from jmespath.lexer import Lexer
from jmespath.parser import ParsedResult, Parser

from bridge.json_numbers import JsonNumber, Number
from bridge.messages.decimals import as_number, average, ceiling, decimal_of, floor, total
from bridge.strict_json import read_json, write_json_text

if TYPE_CHECKING:
    from jmespath.functions import _Signature

_NUMBER: "_Signature" = {"types": ["number"]}
_NUMBERS: "_Signature" = {"types": ["array-number"]}
_ANY: "_Signature" = {"types": []}

OPTIONAL: Final = "optional"
"""Marks the signature of a last argument that can be left out."""

# What JMESPath compares by order.
AnyNumber.register(JsonNumber)


class ConversionError(ValueError):
    """A function does not support a value; the message names the function, never the value."""


class ExactFunctions(Functions):
    """JMESPath's functions; those that calculate do so in decimals."""

    @signature(_NUMBER)
    def _func_abs(self, number: Number) -> Number:
        return (
            JsonNumber(number.text.removeprefix("-"))
            if isinstance(number, JsonNumber)
            else abs(number)
        )

    @signature(_NUMBERS)
    def _func_avg(self, numbers: Sequence[Number]) -> Number | None:
        return _calculated("avg", average, numbers) if numbers else None

    @signature(_NUMBERS)
    def _func_sum(self, numbers: Sequence[Number]) -> Number:
        return _calculated("sum", total, numbers)

    @signature(_NUMBER)
    def _func_ceil(self, number: Number) -> Number:
        return _calculated("ceil", ceiling, number)

    @signature(_NUMBER)
    def _func_floor(self, number: Number) -> Number:
        return _calculated("floor", floor, number)

    @signature(_ANY)
    def _func_to_string(self, value: Any) -> str:
        return value if isinstance(value, str) else write_json_text(value, ascii_only=True)

    @signature(_ANY)
    def _func_to_number(self, value: Any) -> Number | None:
        if not isinstance(value, str):
            return value if _is_number(value) else None
        try:
            return as_number(decimal_of(value))
        except ValueError:
            return None

    @signature(_ANY)
    def _func_type(self, value: Any) -> str:
        return self._convert_to_jmespath_type(type(value).__name__)

    def _validate_arguments(
        self, arguments: Sequence[Any], wanted: Sequence[Mapping[str, Any]], name: str
    ) -> None:
        if len(arguments) < len(wanted) and OPTIONAL in wanted[-1]:
            wanted = wanted[:-1]
        super()._validate_arguments(arguments, wanted, name)  # type: ignore[misc]  # Not in the stubs.

    def _convert_to_jmespath_type(self, name: str) -> str:
        if name == JsonNumber.__name__:
            return "number"
        found: str = super()._convert_to_jmespath_type(name)  # type: ignore[misc]  # Not in the stubs.
        return found

    def _get_allowed_pytypes(self, types: Sequence[str]) -> tuple[list[str], list[Sequence[str]]]:
        return self._allowed_types(tuple(types))

    @lru_cache(maxsize=64)  # noqa: B019 - of the few instances, one per provider
    def _allowed_types(self, types: tuple[str, ...]) -> tuple[list[str], list[Sequence[str]]]:
        allowed, of_items = super()._get_allowed_pytypes(types)  # type: ignore[misc]  # Not in the stubs.
        return _with_own(allowed), list(map(_with_own, of_items))


class ExactParser(Parser):
    """A parser that reads the numbers of literals exactly."""

    # The cache of the class would return what other parsers read.
    _CACHE: ClassVar[dict[str, ParsedResult]] = {}

    def _parse(self, expression: str) -> ParsedResult:
        self._tokens = list(_ExactLexer().tokenize(expression))
        self._index = 0
        parsed = self._expression(binding_power=0)  # type: ignore[attr-defined]  # Not in the stubs.
        if self._current_token() != "eof":  # type: ignore[attr-defined]  # Not in the stubs.
            token = self._lookahead_token(0)  # type: ignore[attr-defined]  # Not in the stubs.
            reason = f"Unexpected token: {token['value']}"
            raise ParseError(token["start"], token["value"], token["type"], reason)
        return ParsedResult(expression, parsed)


class _ExactLexer(Lexer):
    # Attributes of Lexer that its type stubs lack.
    _position: int
    _expression: str

    def _consume_literal(self) -> dict[str, Any]:
        start = self._position
        text = self._consume_until("`").replace("\\`", "`")  # type: ignore[attr-defined]  # Not in the stubs.
        try:
            value = read_json(text)
        except ValueError:
            value = self._text_of(text, start)
        return {"type": "literal", "value": value, "start": start, "end": self._position - start}

    def _text_of(self, text: str, start: int) -> Any:
        """A literal that is no JSON is a string without its quotes (JEP 12)."""
        try:
            return read_json(f'"{text.lstrip()}"')
        except ValueError:
            raise LexerError(
                lexer_position=start,
                lexer_value=self._expression[start:],
                message=f"Bad token {text}",
            ) from None


def _calculated[V](name: str, calculate: Any, given: V) -> Number:
    try:
        result: Number = calculate(given)
    except ValueError as exc:
        reason = str(exc)
    else:
        return result
    raise ConversionError(f"{name}() of these numbers {reason}")


def _is_number(value: object) -> bool:
    return isinstance(value, int | float | JsonNumber) and not isinstance(value, bool)


def _with_own(names: Sequence[str]) -> Any:
    """Python's names of types, with the type of exact numbers beside float."""
    return [*names, JsonNumber.__name__] if "float" in names else names
