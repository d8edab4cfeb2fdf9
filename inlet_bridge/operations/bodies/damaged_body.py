"""A kept body that cannot be read; it stays where it is until it expires."""

from dataclasses import dataclass

from bridge.delivery.kept import received_in
from inlet_bridge.operations.errors import OperationError


@dataclass(frozen=True, slots=True)
class DamagedBody:
    """In the place of a webhook, where many are read.

    Attributes:
        key: the idempotency key of the webhook.
        reason: with the time of receipt, and without a value of the webhook.
    """

    source: str
    key: str
    reason: str


class DamagedBodyError(OperationError):
    """Where one is read.

    Args:
        at: the sort key of its item.
        cause: has no value of the webhook in its message.
    """

    def __init__(self, at: str, cause: Exception) -> None:
        try:
            received = received_in(at).isoformat()
        except ValueError:  # Without a time, a sort key is an ID.
            received = "an unknown time"
        super().__init__(f"the body that was kept at {received} cannot be read: {cause}")
