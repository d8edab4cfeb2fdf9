"""Limit the rate of requests to the inlet.

Adobe advises at most 1,000 requests and 10,000 messages per second ("Streaming ingestion
overview"). The page does not name the scope, so the limit is applied to one deployment. Each
concurrent forwarder limits itself to an equal share.
"""

from dataclasses import dataclass

REQUESTS_PER_SECOND = 1_000


@dataclass(slots=True)
class RateLimit:
    """Spaces requests evenly, without bursts.

    Attributes:
        messages_per_second, requests_per_second: the share of this process.
        free_at: when the next request may be sent, in seconds of a monotonic clock.
    """

    messages_per_second: float
    requests_per_second: float
    free_at: float = 0.0

    @classmethod
    def share(cls, messages_per_second: int, senders: int) -> "RateLimit":
        """Return one of `senders` equal shares."""
        return cls(messages_per_second / senders, REQUESTS_PER_SECOND / senders)

    def reserve(self, messages: int, now: float) -> float:
        """Reserve a request with this many messages; return the seconds to wait before it."""
        start = max(now, self.free_at)
        self.free_at = start + max(
            messages / self.messages_per_second, 1 / self.requests_per_second
        )
        return start - now
