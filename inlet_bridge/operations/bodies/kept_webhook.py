"""Find the kept webhook of one delivery."""

from datetime import datetime, timedelta
from itertools import islice
from typing import Final

from bridge.delivery.delivery import Delivery
from bridge.messages.fan_out import NO_FLOW
from bridge.sources.source import Source
from inlet_bridge.operations.bodies.damaged_body import DamagedBody
from inlet_bridge.operations.bodies.kept_bodies import KeptBodies
from inlet_bridge.operations.records.table import DeliveryRecord

# The receiver's timeout, and the longest clock difference that is expected.
_PROCESSING: Final = timedelta(seconds=30)
_MOST_LOOKED_AT: Final = 100


def of_record(kept: KeptBodies, record: DeliveryRecord) -> Delivery | None:
    """The webhook of a record; None if its body is not kept, or not any more."""
    if not record.kept:
        return None
    return _whole(kept.find(record.source, record.received_at, record.kept))


def of_log(kept: KeptBodies, source: Source, delivery_id: str, at: datetime) -> Delivery | None:
    """The webhook of a delivery without a record, by the time at which it was acknowledged.

    At most 100 of the webhooks that were received shortly before are looked at.
    """
    if not source.keep_bodies:
        return None
    around = kept.between(source.name, at - _PROCESSING, at)
    for webhook in islice(around, _MOST_LOOKED_AT):
        if isinstance(webhook, DamagedBody):
            continue
        if delivery_id == webhook.delivery_id or delivery_id.startswith(f"{webhook.delivery_id}/"):
            return _whole(webhook)
    return None


def _whole(webhook: Delivery | None) -> Delivery | None:
    """As it was received: without a flow, and with the key under which it is kept."""
    return webhook._replace(flow=NO_FLOW, kept=webhook.key) if webhook else None
