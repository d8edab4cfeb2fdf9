"""Convert amounts as payment providers send them to major units.

`minor_units.json` has one entry per provider: how its amounts deviate from ISO 4217, and the page
of the provider that says so.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from bridge.json_numbers import JsonNumber
from bridge.messages.decimals import MOST_DIGITS, as_number, decimal_of, shifted

ISO_4217: Final = "iso4217"
"""The name of the table without a provider's deviations."""

_USUAL_DIGITS: Final = 2


@dataclass(frozen=True, slots=True)
class Unit:
    """The unit of a provider's amounts.

    Attributes:
        is_major: amounts are in the major unit already, such as "19.99".
        digits: of the minor unit by currency, where they are not two.
    """

    is_major: bool
    digits: Mapping[str, int]


def amount_providers() -> list[str]:
    """The names that `money` takes as a provider."""
    return sorted(_units())


def unit_of(provider: str) -> Unit:
    """Return the unit of a provider. Raises ValueError for a name that is not in the table."""
    unit = _units().get(provider)
    if unit is None:
        raise ValueError(f"has no provider {provider}; there is {', '.join(amount_providers())}")
    return unit


def unit_of_source(provider: str) -> Unit:
    """Return the unit of a source's preset; that of ISO 4217 if it is not in the table."""
    return _units().get(provider) or _units()[ISO_4217]


def major_units(minor: object, currency: str, unit: Unit | None = None) -> int | JsonNumber:
    """Convert an amount to the major unit: 1999 cents are 19.99 EUR.

    Args:
        minor: a number or its text.
        currency: three letters, in upper or lower case.
        unit: of the amount; by default the minor unit of ISO 4217.

    Raises:
        ValueError: the amount is not a number or has over 1,000 digits, or the currency is not a
            three-letter code.
    """
    if not (len(currency) == 3 and currency.isascii() and currency.isalpha()):  # noqa: PLR2004 (ISO 4217)
        raise ValueError("is not a currency code")
    number = decimal_of(minor)
    if abs(number.adjusted()) > MOST_DIGITS:
        raise ValueError("is not a number")
    unit = unit or _units()[ISO_4217]
    digits = 0 if unit.is_major else unit.digits.get(currency.upper(), _USUAL_DIGITS)
    return as_number(shifted(number, -digits))


@cache
def _units() -> Mapping[str, Unit]:
    """The units by the names of providers and of their presets."""
    table = Path(__file__).with_name("minor_units.json")
    document: Mapping[str, Any] = json.loads(table.read_text(encoding="utf-8"))
    standard = _digits(document[ISO_4217])
    units: dict[str, Unit] = {}
    for name, entry in document.items():
        unit = Unit(entry.get("unit") == "major", {**standard, **_digits(entry)})
        units |= dict.fromkeys((name, *entry.get("presets", ())), unit)
    return units


def _digits(entry: Mapping[str, Any]) -> dict[str, int]:
    return {
        currency: int(digits)
        for digits, currencies in entry.get("digits", {}).items()
        for currency in currencies.split()
    }
