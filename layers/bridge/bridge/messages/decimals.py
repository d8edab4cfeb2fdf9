"""Exact arithmetic of numbers in expressions, in bounded time whatever their exponents are."""

from collections.abc import Iterable, Sequence
from decimal import (
    MAX_EMAX,
    MAX_PREC,
    MIN_EMIN,
    ROUND_CEILING,
    ROUND_FLOOR,
    Context,
    Decimal,
    DivisionByZero,
    Inexact,
    InvalidOperation,
    Overflow,
    Underflow,
)
from math import isfinite
from typing import Final

from bridge.json_numbers import JsonNumber, Number

MOST_DIGITS: Final = 1_000
"""Digits of a sum. `1e999999999 + 1` has a billion digits; an exact one would fill the memory."""

_TRAPS: Final = [InvalidOperation, DivisionByZero, Overflow, Underflow]
_SUMS: Final = Context(MOST_DIGITS, Emin=MIN_EMIN, Emax=MAX_EMAX, traps=[*_TRAPS, Inexact])
# For operations whose result has no more digits than the operand.
_EXACT: Final = Context(MAX_PREC, Emin=MIN_EMIN, Emax=MAX_EMAX, traps=[*_TRAPS, Inexact])
_ROUNDED: Final = Context(34, Emin=MIN_EMIN, Emax=MAX_EMAX, traps=_TRAPS)
# A whole number is written out up to this length; beyond it, with an exponent.
_MOST_WHOLE_DIGITS: Final = 100


def decimal_of(given: object) -> Decimal:
    """Convert a number or its text exactly.

    Raises:
        ValueError: it is no number, not finite, or has an exponent beyond 10**18.
    """
    if isinstance(given, bool) or not isinstance(given, int | float | str | JsonNumber):
        raise ValueError("is not a number")  # noqa: TRY004 - one error for all that cannot be one
    if isinstance(given, JsonNumber):
        number = given.decimal
        if not MIN_EMIN < number.adjusted() < MAX_EMAX:
            raise ValueError("is not a number")
        return number
    try:
        number = Decimal(given if isinstance(given, int) else _digits(str(given)))
    except (InvalidOperation, ValueError):
        raise ValueError("is not a number") from None
    if not number.is_finite():
        raise ValueError("is not a number")
    return number


def _digits(text: str) -> str:
    """The text without surrounding white space. Raises ValueError if Decimal would read more."""
    if "_" in text:  # It separates groups of digits in Python.
        raise ValueError("is not a number")
    return text.strip()


def as_number(number: Decimal) -> int | JsonNumber:
    """Return a JSON number without trailing zeros: 199 for 199.00."""
    if not number:
        return 0
    number = number.normalize(_EXACT)
    text = str(number)
    if "E" not in text and len(text) <= _MOST_WHOLE_DIGITS:  # Most numbers.
        return JsonNumber(text) if "." in text else int(text)
    _, digits, exponent = number.as_tuple()
    if isinstance(exponent, int) and exponent >= 0:
        if len(digits) + exponent <= _MOST_WHOLE_DIGITS:
            return int(number)
        if exponent < len(digits):
            number = number.quantize(Decimal(1), context=_EXACT)
    return JsonNumber(str(number))


def shifted(number: Decimal, places: int) -> Decimal:
    """Multiply by a power of ten. Raises ValueError if the exponent exceeds 10**18."""
    try:
        return number.scaleb(places, _EXACT)
    except ArithmeticError:
        raise ValueError("is too large") from None


def total(numbers: Iterable[Number]) -> int | JsonNumber:
    """Add numbers exactly. Raises ValueError if a sum has more than 1,000 digits."""
    return as_number(_sum(numbers))


def average(numbers: Sequence[Number]) -> int | JsonNumber:
    """Return the mean, rounded to a double if it has no end. Raises as `total`."""
    number, count = _sum(numbers), Decimal(len(numbers))
    try:
        return as_number(_SUMS.divide(number, count))
    except Inexact:
        rounded = _ROUNDED.divide(number, count)
    near = float(rounded)
    return as_number(Decimal(repr(near)) if near and isfinite(near) else rounded)


def ceiling(number: Number) -> int | JsonNumber:
    """Round up. Raises ValueError as `decimal_of`."""
    return as_number(decimal_of(number).to_integral_value(ROUND_CEILING, _EXACT))


def floor(number: Number) -> int | JsonNumber:
    """Round down. Raises ValueError as `decimal_of`."""
    return as_number(decimal_of(number).to_integral_value(ROUND_FLOOR, _EXACT))


def _sum(numbers: Iterable[Number]) -> Decimal:
    result = Decimal(0)
    try:
        for number in numbers:
            result = _SUMS.add(result, decimal_of(number))
    except ArithmeticError:
        raise ValueError(f"has more than {MOST_DIGITS:,} digits") from None
    return result
