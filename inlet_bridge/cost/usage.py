"""AWS usage per webhook, counted in code and template or measured by `make bench`."""

from dataclasses import dataclass
from typing import Final, Literal

WARM_CPU_MS: Final = 0.83
"""Per call of the receiver; docs/performance.md, "Warm call"."""
FORWARDED_PER_CPU_SECOND: Final = 23_353
"""In messages of 1 kB; docs/performance.md, "Forwarding"."""
FULL_CORE_MB: Final = 1_769
"""The memory at which a function has a full vCPU; with less it has a share (AWS Lambda developer
guide, "Configure Lambda function memory")."""
TABLE_MS: Final = 10.0
"""An estimate of two consecutive writes to DynamoDB."""
LOG_BYTES: Final = 1_900
"""Per webhook: one line of the receiver, two of metrics, three of Lambda, one of API Gateway. A
test counts those of the bridge."""
ENVELOPE_BYTES: Final = 700
"""The size of the envelope and the HTTP headers."""
IDLE_RECEIVES: Final = 5 * 3 * 60 * 24 * 30
"""Receives per month and queue of Lambda's five pollers, with a wait time of 20 seconds each."""
BATCH: Final = 10
"""Messages that SQS receives or deletes in one request."""
LOOKS: Final = 4 * 30
"""Checks for unaccounted deliveries per month, each with a query per shard of the index."""
BUFFERED_WRITES: Final = 3
"""Additional write units of a buffered webhook: its outcome, and its entry in the index of open
deliveries, which is added and removed."""
ALARMS: Final = 20
"""Alarms in the template, each on one metric."""
METRICS: Final = {"source": 4, "connection": 8, "status": 3, "checks": 3, "waiting": 1}
"""Custom metrics per month, if they occur."""


@dataclass(frozen=True, slots=True)
class Month:
    """A month of webhooks.

    Attributes:
        webhooks: their number.
        kilobytes: size of a body.
        inlet_ms: response time of the inlet, which only a real tenant shows.
        buffered: fraction of webhooks that pass through the buffer, 0 to 1.
        sources: number of active sources.
        memory_mb, architecture: of the functions.
        event_source: whether `EventSourceName` is set: its queue has pollers too.
    """

    webhooks: int
    kilobytes: float = 1.0
    inlet_ms: float = 100.0
    buffered: float = 0.01
    sources: int = 1
    memory_mb: int = 512
    architecture: Literal["arm64", "x86_64"] = "arm64"
    event_source: bool = False

    @property
    def receiver_seconds(self) -> float:
        """Billed duration of one call of the receiver."""
        wait = (1 - self.buffered) * self.inlet_ms + TABLE_MS
        return (WARM_CPU_MS * self.slowness + wait) / 1_000

    @property
    def forwarder_seconds(self) -> float:
        """Billed duration per message in a batch of 100."""
        return self.slowness / FORWARDED_PER_CPU_SECOND + (self.inlet_ms + TABLE_MS) / 100_000

    @property
    def slowness(self) -> float:
        """CPU time relative to a full vCPU."""
        return max(FULL_CORE_MB / self.memory_mb, 1.0)
