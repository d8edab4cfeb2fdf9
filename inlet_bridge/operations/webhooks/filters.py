"""Which webhooks a list shows."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bridge.delivery.record import OPEN, State
from inlet_bridge.operations.deployed import Deployed
from inlet_bridge.operations.logs.lines import quotable
from inlet_bridge.operations.webhooks.rows import DROPPED, REFUSED, WebhookRow

STATES: Final = (
    *(State.DELIVERED, State.BUFFERED, State.DEAD, State.FAILED, State.FILTERED, State.SPLIT),
    DROPPED,
    REFUSED,
)
"""The states by which a list can be filtered."""


@dataclass(frozen=True, slots=True)
class Filter:
    """The filters of a list; empty texts and None mean any.

    Attributes:
        state: one of `STATES`.
        refusal: the status of refused requests; only they are shown then.
        since: the earliest time.
        until: the latest time.
    """

    since: datetime
    source: str = ""
    state: str = ""
    refusal: str = ""
    event_type: str = ""
    until: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Whether the index of open deliveries has what is shown."""
        return self.state in OPEN and not self.refusal

    @property
    def only_refused(self) -> bool:
        """Whether no deliveries are shown."""
        return self.state == REFUSED or bool(self.refusal)

    @property
    def only_deliveries(self) -> bool:
        """Whether no refused requests are shown."""
        return bool(self.event_type) or self.state not in {"", REFUSED}

    def shows(self, row: WebhookRow) -> bool:
        """Whether a row is shown; its time is not looked at."""
        if self.source not in ("", row.source) or self.event_type not in ("", row.event_type):
            return False
        if self.refusal:
            return row.refusal == self.refusal
        return self.state in ("", row.state)

    def patterns(self, deployed: Deployed) -> dict[str, str]:
        """The filters of CloudWatch Logs by log group; whether a line matches is checked later.

        All terms must be in a line, and none that begins with a hyphen:
        https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
        """
        source = quotable(self.source) if self.source else ""
        if self.only_refused:
            return {deployed.receiver_logs: f"request_id -delivery_id {source}".strip()}
        outcome = self.state if self.state in _LOGGED else ""
        deliveries = " ".join(filter(None, ("delivery_id", outcome, source)))
        receiver = deliveries if self.only_deliveries else source
        return {deployed.receiver_logs: receiver, deployed.forwarder_logs: deliveries}


# States whose lines have their name as the message.
_LOGGED: Final = frozenset({State.DELIVERED, State.FILTERED, State.SPLIT})
