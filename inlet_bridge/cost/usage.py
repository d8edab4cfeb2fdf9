"""What webhooks use of AWS: counted in the code and the template, or measured by `make bench`."""

from dataclasses import dataclass
from typing import Final, Literal

WARM_CPU_MS: Final = 0.83
"""Of one call of the receiver; docs/performance.md, "Warm call"."""
FORWARDED_PER_CPU_SECOND: Final = 23_353
"""Messages of 1 kB; docs/performance.md, "Forwarding"."""
FULL_CORE_MB: Final = 1_769
"""With so much memory a function has a whole vCPU, with less a part of it (AWS Lambda developer
guide, "Configure Lambda function memory")."""
TABLE_MS: Final = 10.0
"""A guess: two writes to DynamoDB, one after the other."""
LOG_BYTES: Final = 1_900
"""Of one webhook: the receiver's line, two of metrics, Lambda's own three, API Gateway's; a test
counts ours."""
ENVELOPE_BYTES: Final = 700
"""What the envelope and the HTTP headers add."""
IDLE_RECEIVES: Final = 5 * 3 * 60 * 24 * 30
"""A month of Lambda's five pollers, each of which waits for twenty seconds."""
BATCH: Final = 10
"""What SQS counts as one request when it is received or deleted."""
RECORD_BYTES: Final = 320
"""Of a delivered webhook in the table, about."""
RECORD_DAYS: Final = 8
"""The parameter's default."""
LOOKS: Final = 4 * 30
"""A month of the watch's looks for deliveries, each of which reads the whole table."""
ALARMS: Final = 16
"""Of the template, beside the one that listens to all."""
METRICS: Final = {"source": 5, "connection": 8, "status": 3, "checks": 3}
"""Metrics of our own that a month sees, as far as it sees them at all."""


@dataclass(frozen=True, slots=True)
class Month:
    """A month of webhooks.

    Attributes:
        webhooks: how many.
        kilobytes: of a body.
        inlet_ms: what Adobe takes for an answer; nobody but you can measure it.
        buffered: the part of them that goes through the buffer, 0 to 1.
        sources: that send.
        memory_mb, architecture: of the functions.
    """

    webhooks: int
    kilobytes: float = 1.0
    inlet_ms: float = 100.0
    buffered: float = 0.01
    sources: int = 1
    memory_mb: int = 512
    architecture: Literal["arm64", "x86_64"] = "arm64"

    @property
    def receiver_seconds(self) -> float:
        """Billed for one call of the receiver."""
        wait = (1 - self.buffered) * self.inlet_ms + TABLE_MS
        return (WARM_CPU_MS * self.slowness + wait) / 1_000

    @property
    def forwarder_seconds(self) -> float:
        """Billed for one message, in a batch of a hundred."""
        return self.slowness / FORWARDED_PER_CPU_SECOND + (self.inlet_ms + TABLE_MS) / 100_000

    @property
    def slowness(self) -> float:
        """How many times longer the processor takes than a whole vCPU."""
        return max(FULL_CORE_MB / self.memory_mb, 1.0)
