"""Why a buffered delivery waits, and when it is sent."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

from bridge.delivery.record import State
from bridge.sources.cache import PAUSE_DELAY, SOURCE_LIFETIME
from inlet_bridge.operations.configuration.pause import pauses
from inlet_bridge.operations.configuration.sources import Configuration
from inlet_bridge.operations.deployed import Deployed
from inlet_bridge.operations.errors import OperationError
from inlet_bridge.operations.records.table import DeliveryRecord

_MINUTE: Final = timedelta(minutes=1)
_WITHIN_SECONDS: Final = "within seconds"
_WITHIN_MINUTES: Final = "within minutes"

_AFTER_PAUSE: Final = (
    f"its pause has ended, and what waited for it is tried within {PAUSE_DELAY // _MINUTE} min"
)


@dataclass(frozen=True, slots=True)
class Wait:
    """Why a delivery waits.

    Attributes:
        reasons: sentences by the name of the reason: `paused` or `settling`.
        next_attempt: when it is sent, as a sentence.
    """

    reasons: Mapping[str, str] = field(default_factory=dict)
    next_attempt: str = ""

    def as_texts(self) -> dict[str, str]:
        """The reasons and the next attempt by their names."""
        return {**self.reasons, "next attempt": self.next_attempt}


def wait_of(deployed: Deployed, record: DeliveryRecord, now: datetime) -> Wait | None:
    """Why a delivery waits; None if it does not.

    Args:
        deployed: its stack.
        record: of the delivery.
        now: aware.
    """
    if record.state is not State.BUFFERED:
        return None
    paused = pauses(deployed, record.source)
    if paused.since:
        (what, since), *_ = paused.since.items()
        resumed = after_resume("source" if what == record.source else "connection", what)
        return Wait({"paused": f"{what}, since {since}"}, resumed)
    ready_at = _ready_at(deployed, record)
    if ready_at and ready_at > now:
        until = ready_at.astimezone(UTC).isoformat(timespec="seconds")
        settling = f"the flow {record.details['flow']} was created or changed, until {until}"
        return Wait({"settling": settling}, f"{until}, when the flow has settled")
    at = record.details.get("next_attempt_at")
    if at is None and paused.ended_at and record.received_at <= paused.ended_at:
        latest = paused.ended_at + SOURCE_LIFETIME + PAUSE_DELAY
        if now < latest:
            by = latest.astimezone(UTC).isoformat(timespec="seconds")
            return Wait(next_attempt=f"by {by}: {_AFTER_PAUSE}")
    return Wait(next_attempt=_next_attempt(at, now))


def after_resume(kind: str, name: str) -> str:
    """When a delivery is sent whose source or connection is paused.

    Args:
        kind: `source` or `connection`.
        name: of it.
    """
    option = "--connection " if kind == "connection" else ""
    return f"{_WITHIN_MINUTES} after `inlet resume {option}{name}`"


def _ready_at(deployed: Deployed, record: DeliveryRecord) -> datetime | None:
    """From when on the inlet keeps messages of its flow; None if that is not known."""
    name = record.details.get("flow", "")
    configuration = Configuration(deployed)
    try:
        if "/" in name:
            return configuration.destination(name).flow.ready_at
        flow = configuration.source(record.source).flows.get(name) if name else None
    except OperationError:
        return None
    return flow.ready_at if flow else None


def _next_attempt(at: str | None, now: datetime) -> str:
    if at is None:
        return f"{_WITHIN_SECONDS}: it was buffered and not yet tried again"
    try:
        is_ahead = datetime.fromisoformat(at) > now
    except (ValueError, TypeError):
        is_ahead = True
    return at if is_ahead else f"{at}, which is due: {_WITHIN_MINUTES}"
