"""AWS usage per webhook, measured with the handlers and the template or by `make bench`.

`tests/functions/test_usage.py` and `tests/documentation/test_cost.py` measure again.
"""

from dataclasses import dataclass
from typing import Final, Literal

from bridge.delivery.kept import MOST_ITEM_BYTES

DAYS: Final = 30
HOURS: Final = DAYS * 24
"""Of a month."""

WARM_CPU_MS: Final = 1.73
"""Per call of the receiver; docs/performance.md, "Warm call"."""
FORWARDED_PER_CPU_SECOND: Final = 20_759
"""In messages of 1 kB; docs/performance.md, "Forwarding"."""
FULL_CORE_MB: Final = 1_769
"""The memory at which a function has a full vCPU; with less it has a share (AWS Lambda developer
guide, "Configure Lambda function memory")."""
FORWARDER_MB: Final = 512
TABLE_MS: Final = 10.0
"""An estimate of two consecutive writes to DynamoDB."""

LOG_BYTES: Final = 595
"""Per webhook: a line of the receiver with its metrics, and one of API Gateway."""
BUFFERED_LOG_BYTES: Final = 950
"""In addition, if it is buffered and forwarded alone."""
TOKEN_BYTES: Final = 1_240
"""Of an access token: Adobe's example has 1,240 characters
(https://github.com/AdobeDocs/analytics-2.0-apis, "Generate access token")."""
REQUEST_BYTES: Final = 2_100
"""Of a request to the inlet without the body of the webhook: headers, token and envelope."""
RESPONSE_BYTES: Final = 350
"""Of a response to the sender with its headers, without TLS."""

WRITES: Final = 2
"""Write units of a webhook: its claim and its outcome, each below 1 kB."""
BUFFERED_WRITES: Final = 3
"""Additional write units of a buffered webhook: its outcome, and its entry in the index of open
deliveries, which is added and removed."""
SENT_WRITES: Final = 1
"""Additional write units of a webhook whose body is kept: its entry in the index `Sent`."""
KEPT_RATIO: Final = 0.25
"""Size of a compressed body. Repeated names and structure compress well; those of the samples and
of long lists are smaller (`tests/unit/inlet_bridge/cost/test_kept.py`)."""
KEPT_BYTES: Final = 450
"""Of a kept body in addition: its compressed metadata."""
KEPT_KEY_BYTES: Final = 150
"""Of an item of a kept body in addition: its keys and the names of its attributes."""
ITEM_STORAGE_BYTES: Final = 100
"""That DynamoDB adds to each item that it stores (DynamoDB pricing)."""
KEEP_MS: Final = 5.0
OBJECT_MS: Final = 30.0
"""Estimates of a write to DynamoDB and of one to S3."""
KEEP_CPU_MS_PER_KB: Final = 0.04
"""Of compression: 3.9 ms for 100 kB, measured with the function of the bridge."""
BATCH: Final = 10
"""Messages that SQS receives or deletes in one request."""
IDLE_RECEIVES: Final = 5 * 3 * 60 * HOURS
"""Receives per month and queue of Lambda's five pollers, with a wait time of 20 seconds each. Two
pollers remain without `MaximumConcurrency`
(https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html)."""
LOOKS: Final = 4 * 30
"""Checks for unaccounted deliveries per month, each with a query per shard of the index."""
CHECK_GB_SECONDS: Final = HOURS * (2.0 * 0.5 + (1.0 + 2.0) * 0.25) + LOOKS * 3.0 * 0.25
"""An estimate of the scheduled checks: two seconds for drift on 512 MB; on 256 MB one for silent
sources, two for batches without failed records, and three for unaccounted deliveries."""
REFRESH_SECONDS: Final = 60 * (1 - 0.25 / 2)
"""The mean time for which a source and its secret are cached (`bridge.sources.cache`). Each
refresh decrypts the secret once."""

ALARMS: Final = 20
"""Alarms in the template, each on one metric."""
EVENT_ALARMS: Final = 1
"""Further alarms with an event source."""
SOURCE_METRICS: Final = frozenset({"Accepted", "Delivered", "Duplicate"})
"""Metrics that each source has."""
METRICS: Final = {
    **dict.fromkeys(sorted(SOURCE_METRICS), 1.0),
    "InletFailed": 1.0,
    "WaitingAge": 1.0,
    "Refused": 1.0,
    "ChainDrift": 1.0,
    "QuietSources": 1.0,
    "Unaccounted": LOOKS / HOURS,
    "RejectedByAdobe": LOOKS / HOURS,
}
"""The share of the hours of a month in which a metric has a value: CloudWatch charges by the hour.
It is the worst case of the faults. Others are rare, and cost $0.0004 for an hour in which they
occur."""
METRIC_READS: Final = 2 * HOURS
"""Metrics per source that the check for silent sources reads in a month."""


@dataclass(frozen=True, slots=True)
class Month:
    """A month of webhooks.

    Attributes:
        webhooks: their number.
        kilobytes: size of a body.
        inlet_ms: response time of the inlet, which only a real tenant shows.
        buffered: fraction of webhooks that pass through the buffer, 0 to 1.
        sources: number of active sources.
        memory_mb: of the receiver.
        architecture: of the functions.
        event_source: whether there is a source of events: its queue has pollers and an alarm.
        keep_days: `KeepBodies` of all sources.
    """

    webhooks: int
    kilobytes: float = 1.0
    inlet_ms: float = 100.0
    buffered: float = 0.01
    sources: int = 1
    memory_mb: int = 256
    architecture: Literal["arm64", "x86_64"] = "arm64"
    event_source: bool = False
    keep_days: int = 0

    @property
    def receiver_seconds(self) -> float:
        """Billed duration of one call of the receiver."""
        wait, cpu = (1 - self.buffered) * self.inlet_ms + TABLE_MS, WARM_CPU_MS
        if self.keep_days:
            wait += KEEP_MS + (OBJECT_MS if self.kept_as_object else 0)
            cpu += KEEP_CPU_MS_PER_KB * self.kilobytes
        return (cpu * _slowness(self.memory_mb) + wait) / 1_000

    @property
    def kept_value_bytes(self) -> float:
        """Size of a kept body, compressed."""
        return KEPT_BYTES + KEPT_RATIO * self.kilobytes * 1_000

    @property
    def kept_as_object(self) -> bool:
        """Whether bodies of this size are objects in S3."""
        return self.kept_value_bytes > MOST_ITEM_BYTES

    @property
    def forwarder_seconds(self) -> float:
        """Billed duration per message in a batch of 100."""
        cpu = _slowness(FORWARDER_MB) / FORWARDED_PER_CPU_SECOND
        return cpu + (self.inlet_ms + TABLE_MS) / 100_000

    @property
    def environments(self) -> float:
        """Receivers that are busy on average, at least one."""
        return max(self.webhooks * self.receiver_seconds / (HOURS * 3_600), 1.0)


def _slowness(memory_mb: int) -> float:
    """CPU time relative to a full vCPU."""
    return max(FULL_CORE_MB / memory_mb, 1.0)
