"""The bill of a month: usage × price for each item."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil

from bridge.delivery.partitions import OPEN_SHARDS
from inlet_bridge.cost.prices import PRICES, Prices
from inlet_bridge.cost.usage import (
    ALARMS,
    BATCH,
    BUFFERED_LOG_BYTES,
    BUFFERED_WRITES,
    CHECK_GB_SECONDS,
    DAYS,
    EVENT_ALARMS,
    FORWARDER_MB,
    HOURS,
    IDLE_RECEIVES,
    ITEM_STORAGE_BYTES,
    KEPT_KEY_BYTES,
    LOG_BYTES,
    LOOKS,
    METRIC_READS,
    METRICS,
    REFRESH_SECONDS,
    REQUEST_BYTES,
    RESPONSE_BYTES,
    SENT_WRITES,
    SOURCE_METRICS,
    WRITES,
    Month,
)

_MILLION = 1_000_000
_GB = 1_000_000_000
_API_KB, _QUEUE_KB = 512, 64
# Of a write unit of DynamoDB.
_UNIT_BYTES = 1_024
# Of a query that finds nothing.
_QUERY_UNITS = 0.5


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the bill.

    Attributes:
        use: the usage as text, with its unit.
        fixed: whether it does not grow with the webhooks.
    """

    what: str
    use: str
    dollars: float
    fixed: bool = False


def bill(month: Month, prices: Prices = PRICES) -> list[Item]:
    """The items: first those that grow with the webhooks, then the fixed ones."""
    kept = _kept_bodies(month, prices) if month.keep_days else ()
    return [*_by_webhook(month, prices), *kept, *_by_month(month, prices)]


def _by_webhook(month: Month, prices: Prices) -> Iterator[Item]:
    webhooks, waiting = month.webhooks, month.webhooks * month.buffered
    requests = webhooks * ceil(month.kilobytes / _API_KB)
    yield _millions("API Gateway", requests, "requests", prices.api_requests)
    calls = webhooks + waiting / 100
    yield _millions("Lambda, requests", calls, "calls", prices.lambda_requests)
    received = webhooks * month.receiver_seconds * month.memory_mb / 1_024
    forwarded = waiting * month.forwarder_seconds * FORWARDER_MB / 1_024
    use = f"{received + forwarded:,.0f} GB-s, {month.memory_mb} MB"
    yield Item("Lambda, duration", use, (received + forwarded) * _gb_second(month, prices))
    writes = WRITES * webhooks + BUFFERED_WRITES * waiting
    yield _millions("DynamoDB, writes", writes, "units", prices.writes)
    # The forwarder looks at each record.
    yield _millions("DynamoDB, reads", waiting, "units", prices.reads)
    parts = ceil(month.kilobytes / _QUEUE_KB)
    queued = waiting * (parts + 2 * max(parts / BATCH, 1 / BATCH))
    yield _millions("SQS, webhooks", queued, "requests", prices.queue_requests)
    logged = webhooks * LOG_BYTES + waiting * BUFFERED_LOG_BYTES
    yield _gigabytes("Logs", logged, prices.logs)
    sent = month.kilobytes * 1_000 + REQUEST_BYTES
    yield _gigabytes("Data to Adobe", webhooks * sent, prices.transfer)
    yield _gigabytes("Data to senders", webhooks * RESPONSE_BYTES, prices.transfer)


def _kept_bodies(month: Month, prices: Prices) -> Iterator[Item]:
    """Each body is written once, and deleted by DynamoDB or S3 free of charge."""
    in_item = KEPT_KEY_BYTES + (0 if month.kept_as_object else month.kept_value_bytes)
    units = ceil(in_item / _UNIT_BYTES) + SENT_WRITES
    yield _millions("Bodies, writes", month.webhooks * units, "units", prices.writes)
    stored = month.webhooks * month.keep_days / DAYS
    yield _gigabytes("Bodies, table", stored * (in_item + ITEM_STORAGE_BYTES), prices.table_storage)
    if month.kept_as_object:
        yield _millions("Bodies, S3", month.webhooks, "requests", prices.object_requests)
        size = stored * month.kept_value_bytes
        yield _gigabytes("Bodies, objects", size, prices.object_storage)


def _by_month(month: Month, prices: Prices) -> Iterator[Item]:
    receives = IDLE_RECEIVES * (2 if month.event_source else 1)
    yield _millions("SQS, pollers", receives, "requests", prices.queue_requests, fixed=True)
    # A source that is idle is not read again.
    refreshes = month.environments * month.sources * HOURS * 3_600 / REFRESH_SECONDS
    read = min(refreshes, month.webhooks)
    yield _millions("KMS, secrets", read, "requests", prices.decryptions, fixed=True)
    rate = _gb_second(month, prices)
    use = f"{CHECK_GB_SECONDS:,.0f} GB-s"
    yield Item("Lambda, checks", use, CHECK_GB_SECONDS * rate, fixed=True)
    # Of what waits, and of what Adobe rejected.
    queries = (LOOKS + HOURS) * OPEN_SHARDS * _QUERY_UNITS
    yield _millions("DynamoDB, checks", queries, "units", prices.reads, fixed=True)
    asked = METRIC_READS * month.sources
    yield _millions("Metrics, checks", asked, "metrics", prices.metric_reads, fixed=True)
    metrics = sum(
        share * (month.sources if name in SOURCE_METRICS else 1) for name, share in METRICS.items()
    )
    yield Item("Metrics", f"{metrics:,.2f}", metrics * prices.metric, fixed=True)
    alarms = ALARMS + (EVENT_ALARMS if month.event_source else 0)
    yield Item("Alarms", f"{alarms}", alarms * prices.alarm, fixed=True)


def _gb_second(month: Month, prices: Prices) -> float:
    arm = month.architecture == "arm64"
    return prices.gb_second_arm64 if arm else prices.gb_second_x86_64


def _millions(what: str, count: float, unit: str, price: float, *, fixed: bool = False) -> Item:
    use = f"{count / _MILLION:,.2f} million {unit}"
    return Item(what, use, count / _MILLION * price, fixed)


def _gigabytes(what: str, count: float, price: float) -> Item:
    return Item(what, f"{count / _GB:,.2f} GB", count / _GB * price)
