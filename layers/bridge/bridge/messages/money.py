"""Convert amounts in a currency's minor unit, as payment providers send them."""

from decimal import Decimal, InvalidOperation
from math import isfinite
from typing import Final

# ISO 4217, list one: currencies whose minor unit is not a hundredth, by how many digits it has.
_NONE: Final = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"
_THREE: Final = "BHD IQD JOD KWD LYD OMR TND"
_FOUR: Final = "CLF UYW"
_DIGITS: Final = {
    currency: digits
    for digits, currencies in ((0, _NONE), (3, _THREE), (4, _FOUR))
    for currency in currencies.split()
}
_USUAL_DIGITS: Final = 2
# More than any amount or id has; a larger number is a float.
_MOST_DIGITS: Final = 18


def major_units(minor: object, currency: str) -> float:
    """Convert minor to major units: 1999 cents are 19.99 EUR.

    Raises:
        ValueError: the amount is not a number, or the currency is not a three-letter code.
    """
    if not (len(currency) == 3 and currency.isascii() and currency.isalpha()):  # noqa: PLR2004
        raise ValueError("is not a currency code")
    digits = _DIGITS.get(currency.upper(), _USUAL_DIGITS)
    try:
        major = decimal_of(minor).scaleb(-digits)
    except ArithmeticError:
        raise ValueError("is not a number") from None
    return as_number(major)


def decimal_of(given: object) -> Decimal:
    """Convert a number exactly. Raises ValueError for anything else, including infinity."""
    if isinstance(given, bool) or not isinstance(given, int | float | str):
        raise ValueError("is not a number")  # noqa: TRY004 - one error for all that cannot be one
    try:
        number = Decimal(str(given).strip())
    except (InvalidOperation, ValueError):
        raise ValueError("is not a number") from None
    if not number.is_finite():
        raise ValueError("is not a number")
    return number


def as_number(number: Decimal) -> float:
    """Return a JSON number, as an integer if it is whole. Raises ValueError if it is too large."""
    if number.adjusted() <= _MOST_DIGITS and number == number.to_integral_value():
        return int(number)
    if not isfinite(float(number)):
        raise ValueError("is not a number")
    return float(number)
