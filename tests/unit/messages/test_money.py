"""Tests of amounts in minor units."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.messages.money import major_units


@pytest.mark.parametrize(
    ("minor", "currency", "expected"),
    [
        (1999, "EUR", "19.99"),
        (1999, "usd", "19.99"),
        ("1999", "USD", "19.99"),
        (500, "JPY", "500"),
        (1234, "KWD", "1.234"),
        (12345, "CLF", "1.2345"),
        (-5, "EUR", "-0.05"),
        (2000, "EUR", "20"),
    ],
)
def test_amount_is_exact(minor: int | str, currency: str, expected: str) -> None:
    assert str(major_units(minor, currency)) == expected


@pytest.mark.parametrize(
    ("minor", "currency"),
    [("12.x", "EUR"), (True, "EUR"), ("NaN", "EUR"), ("1e999999999", "EUR"), (1, "EURO"), (1, "")],
)
def test_invalid_amount_is_rejected(minor: object, currency: str) -> None:
    with pytest.raises(ValueError, match=r"^is not a (number|currency code)$"):
        major_units(minor, currency)


@given(st.integers(-(10**14), 10**14))
def test_no_cent_is_lost(minor: int) -> None:
    assert Decimal(repr(major_units(minor, "EUR"))) * 100 == minor
