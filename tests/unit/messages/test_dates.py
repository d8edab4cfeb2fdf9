"""Tests of the date formats of providers."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.messages.dates import from_epoch, from_text

# Adobe's page "Retrieve failed batches": what XDM's validator takes.
XDM = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-26T12:00:00Z", "2026-11-26T12:00:00Z"),
        ("2026-11-26T14:00:00+02:00", "2026-11-26T12:00:00Z"),
        ("2026-11-26T12:00:00.25Z", "2026-11-26T12:00:00.250000Z"),
        ("2026-11-26T12:00:00", "2026-11-26T12:00:00Z"),
        ("2026-11-26", "2026-11-26T00:00:00Z"),
        ("2026-11-26 12:00:00 UTC", "2026-11-26T12:00:00Z"),
        ("2026-11-26 12:00:00 +0200", "2026-11-26T10:00:00Z"),
        ("Thu, 26 Nov 2026 12:00:00 +0100", "2026-11-26T11:00:00Z"),
        ("Thu, 26 Nov 2026 12:00:00 GMT", "2026-11-26T12:00:00Z"),
        ("1700000000", "2023-11-14T22:13:20Z"),
        ("1700000000123", "2023-11-14T22:13:20.123000Z"),
        ("1355517523.000005", "2012-12-14T20:38:43.000005Z"),
        ("1700000000123456", "2023-11-14T22:13:20.123456Z"),
        ("2026-11-26t12:00:00z", "2026-11-26T12:00:00Z"),
        ("Thu, 26 Nov 2026 12:00:00 PST", "2026-11-26T20:00:00Z"),
        ("Thu, 26 Nov 2026 12:00:00 +0100 (CET)", "2026-11-26T11:00:00Z"),
        ("Thu, 26 Nov 2026 12:00:00", "2026-11-26T12:00:00Z"),
        ("Thu Nov 26 12:00:00 2026", "2026-11-26T12:00:00Z"),
        ("Thu Nov 26 12:00:00 +0100 2026", "2026-11-26T11:00:00Z"),
        ("Thursday, 26-Nov-26 12:00:00 GMT", "2026-11-26T12:00:00Z"),
        ("Thu Nov 26 2026 12:00:00 GMT+0100 (Central European Time)", "2026-11-26T11:00:00Z"),
        ("Thu, 26 Nov 2026 12:00:00 GMT-05:30", "2026-11-26T17:30:00Z"),
    ],
)
def test_date_becomes_rfc_3339(text: str, expected: str) -> None:
    assert from_text(text) == expected


@pytest.mark.parametrize(
    "text", ["", "yesterday", "2026-13-01", "26.11.2026", "9" * 17, "9" * 16, "-"]
)
def test_invalid_date_is_rejected(text: str) -> None:
    with pytest.raises(ValueError, match=r"^is not a date$"):
        from_text(text)


@pytest.mark.parametrize(
    "text",
    [
        "Thu, 26 Nov 2026 12:00:00 CET",
        "Thu Nov 26 12:00:00 CET 2026",
        "Thu, 26 Nov 2026 12:00:00 +01",
        "Thu, 26 Nov 2026 12:00:00 GMT+1",
        "Thu, 26 Nov 2026 12:00:00 Europe/Berlin",
        "Nov 26, 2026 9:20 PM",
        "26 Nov 2026 09:20:04 PM GMT",
    ],
)
def test_date_is_not_read_as_another_one(text: str) -> None:
    """The parser of `email` takes what it does not know for UTC."""
    with pytest.raises(ValueError, match=r"^is not a date$"):
        from_text(text)


@given(st.text() | st.floats().map(str) | st.integers().map(str))
def test_of_any_text_there_is_a_date_or_the_one_error(text: str) -> None:
    try:
        date = from_text(text)
    except ValueError:
        return
    assert XDM.fullmatch(date)


@given(st.floats() | st.integers())
def test_any_number_is_accepted(number: float) -> None:
    try:
        date = from_epoch(number)
    except (ValueError, OverflowError):
        return
    assert XDM.fullmatch(date)
