"""Tests of timestamps."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.errors import InvalidSignatureError
from bridge.verification.scheme_parameters import Timestamp, TimeUnit
from bridge.verification.timestamps import check_timestamp, instant

NOW = datetime(2026, 3, 29, 1, 30, tzinfo=UTC)


def accepted(rule: Timestamp, text: str) -> bool:
    try:
        check_timestamp(rule, text, NOW)
    except InvalidSignatureError:
        return False
    return True


def rule(unit: TimeUnit, past: int | None = 300, future: int | None = 60) -> Timestamp:
    return Timestamp("header:x-time", unit, past, future)


def text_of(unit: TimeUnit, at: datetime) -> str:
    if unit == "iso8601":
        return at.isoformat()
    return str(int(at.timestamp()) * (1000 if unit == "ms" else 1))


@pytest.mark.parametrize("unit", ["s", "ms", "iso8601"])
@pytest.mark.parametrize(
    ("age", "within"),
    [(0, True), (299, True), (300, True), (301, False), (-60, True), (-61, False), (86400, False)],
)
def test_timestamp_must_be_within_the_tolerance(unit: TimeUnit, age: int, *, within: bool) -> None:
    text = text_of(unit, NOW - timedelta(seconds=age))

    assert accepted(rule(unit), text) is within


@pytest.mark.parametrize("unit", ["s", "ms", "iso8601"])
def test_without_a_tolerance_the_age_is_not_checked(unit: TimeUnit) -> None:
    old = text_of(unit, NOW - timedelta(days=9000))
    ahead = text_of(unit, NOW + timedelta(days=9000))

    assert accepted(rule(unit, None, 0), old)
    assert accepted(rule(unit, 0, None), ahead)
    assert not accepted(rule(unit, None, 0), ahead)
    assert not accepted(rule(unit, 0, None), old)


@pytest.mark.parametrize(
    ("unit", "text", "reason"),
    [
        ("ms", "1774747800", "300 s ago; the timestamp may be in seconds instead of milliseconds"),
        ("s", "1774747800000", "s in the future; the timestamp may be in milliseconds instead of"),
        ("ms", "1774747000000", "signed more than 300 s ago$"),
        ("s", "1774749000", "signed more than 60 s in the future$"),
        ("s", "1", "signed more than 300 s ago$"),
        ("iso8601", "1970-01-21T12:59:07Z", "signed more than 300 s ago$"),
    ],
)
def test_number_in_another_unit_is_pointed_out(unit: TimeUnit, text: str, reason: str) -> None:
    with pytest.raises(InvalidSignatureError, match=reason):
        check_timestamp(rule(unit), text, NOW)


@pytest.mark.parametrize(
    "text",
    ["2026-03-29T01:30:00Z", "2026-03-29T03:30:00+02:00", "2026-03-28T18:30:00.000-07:00"],
)
def test_offset_of_an_iso_time_is_used(text: str) -> None:
    assert accepted(rule("iso8601", 0, 0), text)


def test_iso_time_without_offset_is_rejected() -> None:
    assert not accepted(rule("iso8601", None, None), "2026-03-29T01:30:00")


@pytest.mark.parametrize(
    ("unit", "text"),
    [
        ("s", ""),
        ("s", "abc"),
        ("s", "-1"),
        ("s", " 1774747800"),
        ("s", "1_774_747_800"),
        ("s", "1774747800.0"),
        ("s", "１７７４７４７８００"),  # noqa: RUF001 (digits in Python, but not in timestamps)
        ("s", "1774747800²"),
        ("ms", "9" * 5000),
        ("s", "2026-03-29T01:30:00Z"),
        ("iso8601", "1774747800"),
        ("iso8601", "2026-02-30T00:00:00Z"),
        ("iso8601", "\ud800"),
    ],
)
def test_malformed_timestamp_is_rejected_even_without_tolerance(unit: TimeUnit, text: str) -> None:
    assert not accepted(rule(unit, None, None), text)


@given(text=st.text(st.characters()), unit=st.sampled_from(["s", "ms", "iso8601"]))
def test_any_text_is_accepted_or_rejected(text: str, unit: TimeUnit) -> None:
    assert accepted(rule(unit, 0, 0), text) in {True, False}


@given(at=st.datetimes(), minutes=st.integers(-1439, 1439))
def test_any_aware_time_is_parsed(at: datetime, minutes: int) -> None:
    aware = at.replace(tzinfo=timezone(timedelta(minutes=minutes)))

    assert accepted(rule("iso8601", None, None), aware.isoformat())


def test_text_timestamp_must_be_present() -> None:
    assert accepted(rule("text", None, None), "r")
    assert not accepted(rule("text", None, None), "")


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("1774747800", NOW),
        ("1774747800000", NOW),
        ("2026-03-29T03:30:00+02:00", NOW),
        ("2026-03-29T01:30:00", None),
        ("yesterday", None),
        ("", None),
        ("9" * 15, None),
        ("1_774_747_800", None),
    ],
)
def test_time_of_any_unit_is_parsed(text: str, time: datetime | None) -> None:
    assert instant(text) == time


@given(text=st.text(st.characters()) | st.integers(0).map(str))
def test_any_text_is_a_time_or_none(text: str) -> None:
    found = instant(text)

    assert found is None or found.tzinfo is UTC
