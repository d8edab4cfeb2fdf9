"""Say why no route took a filtered delivery."""

from bridge.delivery.record import State
from bridge.sources.source import Source
from inlet_bridge.mapping.handshake_requests import incomplete_handshake
from inlet_bridge.mapping.unmet_conditions import event_type_hint, missing_type_hint
from inlet_bridge.operations.configuration.sources import Configuration
from inlet_bridge.operations.delivery.next_steps import next_step
from inlet_bridge.operations.deployed import Deployed
from inlet_bridge.operations.errors import OperationError
from inlet_bridge.operations.records.table import DeliveryRecord


def reason_and_step(deployed: Deployed, record: DeliveryRecord) -> tuple[dict[str, str], str]:
    """Why a delivery was filtered, if it was, as `reason`; and what is to be done about it.

    An incomplete handshake needs no step: nothing is gained by a route for it.
    """
    step = next_step(record, is_deleted=record.source not in deployed.sources)
    source = _filtering_source(deployed, record)
    if source is None:
        return {}, step
    event_type = record.details.get("event_type", "")
    if reason := incomplete_handshake(source, event_type):
        return {"reason": reason}, ""
    reason = event_type_hint(source, event_type) if event_type else missing_type_hint(source)
    return {"reason": reason} if reason else {}, step


def _filtering_source(deployed: Deployed, record: DeliveryRecord) -> Source | None:
    """The source whose routes filtered a delivery; None for another state, or if it is unknown."""
    if record.state is not State.FILTERED:
        return None
    try:
        return Configuration(deployed).source(record.source)
    except OperationError:
        return None
