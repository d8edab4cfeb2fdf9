"""Tests of amounts as providers send them."""

import json
import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.messages import money
from bridge.messages.money import amount_providers, major_units, unit_of, unit_of_source
from bridge.verification.catalogue import PRESETS
from tests.support.sam_template import ROOT

TABLE = json.loads(
    (ROOT / "layers" / "bridge" / "bridge" / "messages" / "minor_units.json").read_text()
)


@pytest.mark.parametrize(
    ("minor", "currency", "expected"),
    [
        (1999, "EUR", "19.99"),
        (1999, "usd", "19.99"),
        ("1999", "USD", "19.99"),
        (500, "JPY", "500"),
        (1234, "KWD", "1.234"),
        (1234, "IQD", "1.234"),
        (12345, "CLF", "1.2345"),
        (12345, "UYW", "1.2345"),
        (500, "UYI", "500"),
        (500, "MGA", "5"),
        (500, "MRU", "5"),
        (-5, "EUR", "-0.05"),
        (2000, "EUR", "20"),
        ("98765432109876543210987654321098765", "EUR", "987654321098765432109876543210987.65"),
    ],
)
def test_amount_is_exact(minor: int | str, currency: str, expected: str) -> None:
    assert str(major_units(minor, currency)) == expected


@pytest.mark.parametrize(
    ("provider", "minor", "currency", "expected"),
    [
        *(("stripe", 500, name, "5") for name in ("isk", "ugx", "huf", "twd", "usd")),
        *(("stripe", 500, name, "500") for name in ("jpy", "mga", "krw", "clp", "vnd", "xof")),
        *(("stripe", 5120, name, "5.12") for name in ("bhd", "jod", "kwd", "omr", "tnd")),
        *(("adyen", 500, name, "5") for name in ("CLP", "ISK", "EUR")),
        *(("adyen_payments", 500, name, "500") for name in ("CVE", "IDR", "JPY")),
        ("adyen_header", 500, "ISK", "5"),
        *(("checkout_com", 500, name, "5") for name in ("CLF", "CLP", "EUR")),
        ("checkout_com", 500, "ISK", "500"),
        ("shopify", "19.90", "JPY", "19.9"),
        ("paypal", "19.99", "KWD", "19.99"),
        ("square", 500, "JPY", "500"),
        ("iso4217", 500, "ISK", "500"),
    ],
)
def test_unit_is_the_providers(provider: str, minor: object, currency: str, expected: str) -> None:
    assert str(major_units(minor, currency, unit_of(provider))) == expected


def test_preset_without_an_entry_has_the_units_of_iso_4217() -> None:
    assert unit_of_source("github") == unit_of("iso4217")
    with pytest.raises(ValueError, match=r"^has no provider github; there is adyen, "):
        unit_of("github")


def test_every_entry_has_a_page_and_its_presets_exist() -> None:
    for name, entry in TABLE.items():
        assert entry.keys() <= {"presets", "source", "digits", "unit", "unverified"}, name
        assert entry["source"]
        assert all(page.startswith("https://") for page in entry["source"]), name
        assert set(entry.get("presets", ())) <= PRESETS.keys(), name
        assert entry.get("unit", "major") == "major"
        assert not ("unit" in entry and "digits" in entry), name
        currencies = " ".join(entry.get("digits", {}).values()).split()
        assert len(set(currencies)) == len(currencies), name
        assert all(re.fullmatch("[A-Z]{3}", currency) for currency in currencies), name


def test_page_names_every_provider_and_currency() -> None:
    page = (ROOT / "docs" / "mapping.md").read_text()
    section = page.partition("## Money\n")[2].partition("\n## ")[0]

    assert set(amount_providers()) <= set(re.findall(r"`(\w+)`", section))
    for name, entry in TABLE.items():
        for currencies in entry.get("digits", {}).values():
            assert set(currencies.split()) <= set(re.findall(r"\b[A-Z]{3}\b", section)), name


@pytest.mark.parametrize(
    ("minor", "currency"),
    [
        *(
            ("12.x", "EUR"),
            (True, "EUR"),
            ("NaN", "EUR"),
            ("Infinity", "EUR"),
            (1, "EURO"),
            (1, ""),
        ),
        *(("1e999999999", "EUR"), ("1e-999999999", "EUR"), ("9" * 1_002, "EUR")),
    ],
)
def test_invalid_amount_is_rejected(minor: object, currency: str) -> None:
    with pytest.raises(ValueError, match=r"^is not a (number|currency code)$"):
        major_units(minor, currency)


@given(st.integers(-(10**40), 10**40))
def test_no_cent_is_lost(minor: int) -> None:
    with_all_digits = Decimal(repr(major_units(minor, "EUR"))).as_tuple()
    back = Decimal(
        (with_all_digits.sign, with_all_digits.digits, int(with_all_digits.exponent) + 2)
    )
    assert back == minor


def test_table_is_read_once() -> None:
    assert money.unit_of("stripe") is money.unit_of("stripe")
