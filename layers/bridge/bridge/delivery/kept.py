"""How and where the body of a webhook is kept: its value, and the keys of item and object.

An item's partition key is a bucket, one of sixteen per source and day; its sort key begins with
the time of receipt. So the bodies of a source can be read by time, and a busy source writes to
sixteen partition keys.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import Final, NamedTuple
from zlib import compress, crc32, decompressobj, error

from bridge.delivery.delivery import Delivery

SHARDS: Final = 16
"""Buckets per source and day. DynamoDB allows 1,000 write units a second to each partition key:
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html"""

MOST_DAYS: Final = 90
"""The longest time for which bodies can be kept."""

MOST_ITEM_BYTES: Final = 8_192
"""The largest value of an item; a larger one is an S3 object, and the item names it.

A million items cost $0.625 per kB and write, and $0.25 per kB and month; a million objects $5 and
$0.023 per kB and month, and the items that name them $0.625. Items of 8.3 kB that are kept for a
week cost as much as objects (`inlet_bridge.cost.prices`)."""

# Four times the largest webhook, whose metadata are bounded too.
_MOST_VALUE_BYTES: Final = 4 * 1_048_576

# The first character of what follows the time in `at`, and the one after it.
_MARK, _AFTER = "#", "$"


class KeptKey(NamedTuple):
    """The key of a kept body.

    Attributes:
        bucket: `{source}#{day of receipt}#{shard}`.
        at: `{time of receipt}#{idempotency key}`.
    """

    bucket: str
    at: str


def kept_key(source: str, received_at: datetime, key: str) -> KeptKey:
    """The key of a webhook's body.

    Args:
        source: its name, which contains no `#`.
        received_at: aware; the day is that of UTC.
        key: the idempotency key of the whole webhook, `Delivery.kept`.
    """
    shard = crc32(key.encode(errors="surrogatepass")) % SHARDS
    moment = received_at.astimezone(UTC)
    return KeptKey(_bucket(source, moment.date(), shard), f"{_text(moment)}{_MARK}{key}")


def key_in(at: str) -> str:
    """The idempotency key in the sort key of an item."""
    return at.partition(_MARK)[2]


def source_in(bucket: str) -> str:
    """The source in the partition key of an item."""
    return bucket.partition(_MARK)[0]


def received_in(at: str) -> datetime:
    """The time of receipt in the sort key of an item. Raises ValueError."""
    return datetime.fromisoformat(at.partition(_MARK)[0])


def buckets(source: str, day: date) -> list[str]:
    """All buckets of a source and a day."""
    return [_bucket(source, day, shard) for shard in range(SHARDS)]


def days(since: datetime, until: datetime) -> Iterator[date]:
    """The days of UTC that a span of time has a part of, oldest first.

    None if it ends before it begins: DynamoDB refuses such a range.
    """
    if since > until:
        return
    day, last = since.astimezone(UTC).date(), until.astimezone(UTC).date()
    while day <= last:
        yield day
        day += timedelta(days=1)


def bounds(since: datetime, until: datetime) -> tuple[str, str]:
    """The first and the last sort key that webhooks received in a span of time may have.

    Both ends are part of the span; no webhook's key is equal to either.
    """
    return _text(since.astimezone(UTC)), f"{_text(until.astimezone(UTC))}{_AFTER}"


def object_key(keep_days: int, key: KeptKey) -> str:
    """The name of the S3 object of a body that is too large for an item.

    It begins with the days for which it is kept, since a lifecycle rule selects objects by their
    prefix. Of the idempotency key it has a hash: S3 and its clients treat some characters, and
    `.` and `..` between slashes, in a special way
    (https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html).
    """
    moment, _, idempotency_key = key.at.partition(_MARK)
    hashed = sha256(idempotency_key.encode(errors="surrogatepass")).hexdigest()
    return f"{object_prefix(keep_days)}{key.bucket.replace(_MARK, '/')}/{moment}/{hashed}"


def object_prefix(keep_days: int) -> str:
    """How the names of the objects that are kept for so many days begin."""
    return f"{keep_days:02d}/"


def kept_value(whole: Delivery) -> bytes:
    """The value of a kept body; `kept_delivery` is the inverse."""
    return compress(whole.encode(compress=False).encode())


def kept_delivery(value: bytes) -> Delivery:
    """Read a kept body. Raises ValueError if the value is none."""
    unpacking = decompressobj()
    try:
        text = unpacking.decompress(value, _MOST_VALUE_BYTES).decode()
    except (error, UnicodeDecodeError) as exc:
        # `from None`: the message of the cause could quote the body.
        raise ValueError(f"not a kept body: {type(exc).__name__}") from None
    if not unpacking.eof:
        raise ValueError("not a kept body: truncated, or too large")
    return Delivery.decode(text)


def _bucket(source: str, day: date, shard: int) -> str:
    return f"{source}{_MARK}{day.isoformat()}{_MARK}{shard:02d}"


def _text(moment: datetime) -> str:
    """A time in UTC; as a text it sorts as the time does."""
    return moment.isoformat(timespec="microseconds")
