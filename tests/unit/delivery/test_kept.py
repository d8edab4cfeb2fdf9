"""The keys of kept bodies."""

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from bridge.delivery.kept import (
    MOST_DAYS,
    SHARDS,
    bounds,
    buckets,
    days,
    kept_key,
    key_in,
    object_key,
    object_prefix,
    received_in,
)
from tests.support.fakes import NOON

ZONES = st.timezones() | st.integers(-14, 14).map(lambda hours: timezone(timedelta(hours=hours)))
MOMENTS = st.datetimes(datetime(1970, 1, 2), datetime(2999, 1, 1), timezones=ZONES)  # noqa: DTZ001
SOURCES = st.from_regex(r"[a-z0-9][a-z0-9-]{0,62}", fullmatch=True)
KEYS = st.text(min_size=1, max_size=300) | st.sampled_from(["id:../..", "id:a#b$c", "id:/./"])


@given(SOURCES, MOMENTS, KEYS)
def test_key_is_in_a_bucket_of_the_day_and_between_the_bounds(
    source: str, received_at: datetime, key: str
) -> None:
    found = kept_key(source, received_at, key)
    first, last = bounds(received_at, received_at)

    assert found.bucket in buckets(source, received_at.astimezone(UTC).date())
    assert first < found.at < last
    assert key_in(found.at) == key
    # In UTC: a time that its zone repeats or skips equals none of another zone (PEP 495).
    assert received_in(found.at) == received_at.astimezone(UTC)


@given(SOURCES, MOMENTS, MOMENTS, KEYS, KEYS)
def test_order_of_keys_is_that_of_time(
    source: str, one: datetime, other: datetime, key: str, another: str
) -> None:
    keys = kept_key(source, one, key), kept_key(source, other, another)

    if one < other:
        assert keys[0].at < keys[1].at
        assert bounds(other, other)[0] > keys[0].at
        assert bounds(one, one)[1] < keys[1].at
    if one < other <= one + timedelta(days=1):
        assert {key.bucket.split("#")[1] for key in keys} <= {
            day.isoformat() for day in days(one, other)
        }


@given(SOURCES, MOMENTS, KEYS, st.integers(1, MOST_DAYS))
def test_object_has_a_name_without_special_characters(
    source: str, received_at: datetime, key: str, keep_days: int
) -> None:
    found = kept_key(source, received_at, key)
    name = object_key(keep_days, found)

    assert name.startswith(object_prefix(keep_days) + source + "/")
    assert len(name) < 1_024
    assert set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789-/:+.T")
    assert not {".", "..", ""} & {*name.split("/")}
    assert object_key(keep_days, kept_key(source, received_at, f"{key}x")) != name


def test_time_has_always_microseconds_and_the_offset_of_utc() -> None:
    assert kept_key("github", NOON, "id:1") == (
        f"github#{NOON:%Y-%m-%d}#{int(kept_key('github', NOON, 'id:1').bucket[-2:]):02d}",
        f"{NOON:%Y-%m-%d}T{NOON:%H:%M:%S}.000000+00:00#id:1",
    )


def test_days_include_both_ends() -> None:
    assert len(list(days(NOON, NOON))) == 1
    assert len(list(days(NOON, NOON + timedelta(days=2)))) == 3
    assert list(days(NOON, NOON - timedelta(days=1))) == []


def test_a_day_has_as_many_buckets_as_there_are_shards() -> None:
    found = {kept_key("github", NOON, f"id:{number}").bucket for number in range(1_000)}

    assert found == {*buckets("github", NOON.date())}
    assert len(found) == SHARDS
