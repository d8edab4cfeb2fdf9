"""The bridge's own receiver with every claim granted, so that it does the naive one's job."""

from datetime import datetime
from typing import Any

from bridge.delivery.delivery import Delivery
from bridge.delivery.record import Claim, State
from functions.receiver import handler, wiring


class EveryClaimIsGranted:
    """The port `Deliveries` without a table."""

    def __init__(self, *_: object) -> None:
        """Take what the real one takes."""

    def claim(self, _delivery: Delivery, _until: datetime) -> Claim:
        """Yours."""
        return Claim(State.NEW)

    def delivered(self, *_: object) -> None:
        """Forget it."""


substituted: Any = wiring
substituted.DynamoDbDeliveries = EveryClaimIsGranted
lambda_handler = handler.lambda_handler
