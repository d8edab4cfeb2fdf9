"""The bill of a month: usage × price for each item."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil

from bridge.deduplication import OPEN_SHARDS
from inlet_bridge.cost.prices import PRICES, Prices
from inlet_bridge.cost.usage import (
    ALARMS,
    BATCH,
    BUFFERED_WRITES,
    ENVELOPE_BYTES,
    IDLE_RECEIVES,
    LOG_BYTES,
    LOOKS,
    METRICS,
    Month,
)

_MILLION = 1_000_000
_GB = 1_000_000_000
_API_KB, _QUEUE_KB = 512, 64
# Of a query that finds nothing.
_QUERY_UNITS = 0.5


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the bill.

    Attributes:
        use: the usage as text, with its unit.
    """

    what: str
    use: str
    dollars: float


def bill(month: Month, prices: Prices = PRICES) -> list[Item]:
    """The items: first those that grow with the webhooks, then the fixed ones."""
    return [*_by_webhook(month, prices), *_by_month(month, prices)]


def _by_webhook(month: Month, prices: Prices) -> Iterator[Item]:
    webhooks, waiting = month.webhooks, month.webhooks * month.buffered
    requests = webhooks * ceil(month.kilobytes / _API_KB)
    yield _millions("API Gateway", requests, "requests", prices.api_requests)
    calls = webhooks + waiting / 100
    yield _millions("Lambda, requests", calls, "calls", prices.lambda_requests)
    seconds = webhooks * month.receiver_seconds + waiting * month.forwarder_seconds
    gb_seconds = seconds * month.memory_mb / 1_024
    arm = month.architecture == "arm64"
    rate = prices.gb_second_arm64 if arm else prices.gb_second_x86_64
    use = f"{gb_seconds:,.0f} GB-s of {month.memory_mb} MB"
    yield Item("Lambda, duration", use, gb_seconds * rate)
    # A claim and its result, each below 1 kB; the forwarder reads once more.
    writes = 2 * webhooks + BUFFERED_WRITES * waiting
    yield _millions("DynamoDB, writes", writes, "units", prices.writes)
    yield _millions("DynamoDB, reads", waiting, "units", prices.reads)
    queries = LOOKS * OPEN_SHARDS * _QUERY_UNITS
    yield _millions("DynamoDB, watch", queries, "units", prices.reads)
    parts = ceil(month.kilobytes / _QUEUE_KB)
    queued = waiting * (parts + 2 * max(parts / BATCH, 1 / BATCH))
    queued += IDLE_RECEIVES * (2 if month.event_source else 1)
    yield _millions("SQS", queued, "requests", prices.queue_requests)
    yield _gigabytes("Logs", webhooks * LOG_BYTES, prices.logs)
    out = webhooks * (month.kilobytes * 1_000 + ENVELOPE_BYTES)
    yield _gigabytes("Data to Adobe", out, prices.transfer)


def _by_month(month: Month, prices: Prices) -> Iterator[Item]:
    metrics = METRICS["source"] * month.sources + sum(METRICS.values()) - METRICS["source"]
    yield Item("Metrics", f"{metrics}", metrics * prices.metric)
    yield Item("Alarms", f"{ALARMS}", ALARMS * prices.alarm)


def _millions(what: str, count: float, unit: str, price: float) -> Item:
    return Item(what, f"{count / _MILLION:,.2f} million {unit}", count / _MILLION * price)


def _gigabytes(what: str, count: float, price: float) -> Item:
    return Item(what, f"{count / _GB:,.2f} GB", count / _GB * price)
