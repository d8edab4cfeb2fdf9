"""How fast messages may go to an inlet: a share of what Adobe advises for all of them.

1,000 requests and 10,000 messages a second (Adobe, "Streaming ingestion overview"); the page does
not say per what, so it is taken for everything that one deployment forwards. Of the forwarders
that may run at once, each keeps to its share by itself.
"""

from dataclasses import dataclass

REQUESTS_PER_SECOND = 1_000


@dataclass(slots=True)
class RateLimit:
    """When the next request may go: no burst, each one waits for what those before it took.

    Attributes:
        messages_per_second, requests_per_second: this sender's share.
        free_at: when the next may go, in seconds of a monotonic clock.
    """

    messages_per_second: float
    requests_per_second: float
    free_at: float = 0.0

    @classmethod
    def share(cls, messages_per_second: int, senders: int) -> "RateLimit":
        """One of so many equal shares."""
        return cls(messages_per_second / senders, REQUESTS_PER_SECOND / senders)

    def reserve(self, messages: int, now: float) -> float:
        """Plan a request with so many messages; the seconds to wait before it may be sent."""
        start = max(now, self.free_at)
        self.free_at = start + max(
            messages / self.messages_per_second, 1 / self.requests_per_second
        )
        return start - now
