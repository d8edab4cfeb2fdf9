"""Exact numbers in the validation of documents by a JSON Schema."""

from collections.abc import Iterator
from decimal import Decimal
from numbers import Number as AnyNumber
from typing import Any

from jsonschema import TypeChecker
from jsonschema.exceptions import ValidationError
from jsonschema.protocols import Validator

from bridge.json_numbers import JsonNumber
from bridge.messages.decimals import decimal_of

# What the library takes as a number.
AnyNumber.register(JsonNumber)


def exact_types(dialect: type[Validator]) -> TypeChecker:
    """The types of a dialect, by which exact numbers can be integers, too.

    From draft 6, `1.0` is an integer; before, only a number without a fraction.
    """
    types: Any = dialect.TYPE_CHECKER
    takes_whole_fractions = types.is_type(1.0, "integer")

    def is_integer(_: TypeChecker, value: object) -> bool:
        if not isinstance(value, JsonNumber):
            return bool(types.is_type(value, "integer"))
        return value.is_written_as_integer or (takes_whole_fractions and _is_whole(value.decimal))

    made: TypeChecker = types.redefine("integer", is_integer)
    return made


def multiple_of(
    validator: Validator, wanted: Any, value: Any, _: object
) -> Iterator[ValidationError]:
    """The keyword in decimals; the library divides doubles, in which 1.1 is no multiple of 0.1."""
    if not validator.is_type(value, "number"):
        return
    if not _divides(decimal_of(wanted), decimal_of(value)):
        yield ValidationError("is not a multiple")


def _is_whole(number: Decimal) -> bool:
    return number == number.to_integral_value()


def _divides(divisor: Decimal, number: Decimal) -> bool:
    """Whether a number is a multiple, in time that does not depend on the exponents.

    Raises:
        ValueError: the number has more digits than Python converts.
    """
    value, exponent = _parts(number)
    by, its_exponent = _parts(divisor)
    if not value or not by:
        return not value
    places = exponent - its_exponent
    # Without its trailing zeros, a number is no multiple of 10.
    return places >= 0 and value * pow(10, places, by) % by == 0


def _parts(number: Decimal) -> tuple[int, int]:
    """The digits without trailing zeros as an integer, and the exponent."""
    text, _, written = str(number.copy_abs()).partition("E")
    whole, _, fraction = text.partition(".")
    digits = (whole + fraction).rstrip("0")
    exponent = int(written or "0") - len(fraction) + len(whole + fraction) - len(digits)
    return int(digits or "0"), exponent
