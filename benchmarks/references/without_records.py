"""The bridge's forwarder without its table, for comparison with the naive one."""

from collections.abc import Iterable, Mapping
from typing import Any

from bridge.delivery.delivery import Delivery
from bridge.delivery.record import Key, Record
from functions.forwarder import handler, wiring


class NothingIsRecorded:
    """The port `Deliveries` without a table."""

    def __init__(self, *_: object) -> None:
        """Accept the arguments of the real adapter."""

    def find(self, _deliveries: Iterable[Delivery]) -> Mapping[Key, Record]:
        """Find no records."""
        return {}

    def delivered_all(self, *_: object) -> None:
        """Record nothing."""


substituted: Any = wiring
substituted.DynamoDbDeliveries = NothingIsRecorded
lambda_handler = handler.lambda_handler
