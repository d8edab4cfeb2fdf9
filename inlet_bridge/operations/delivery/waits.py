"""Why a buffered delivery waits, and when it is sent."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

from bridge.delivery.delivery import LONGEST_DELAY
from bridge.delivery.record import State
from bridge.sources.cache import PAUSE_DELAY, SOURCE_LIFETIME
from inlet_bridge.operations.configuration.former_sources import redriven
from inlet_bridge.operations.configuration.pause import Pauses, pauses
from inlet_bridge.operations.configuration.sources import Configuration
from inlet_bridge.operations.deployed import Deployed
from inlet_bridge.operations.errors import OperationError
from inlet_bridge.operations.records.table import DeliveryRecord

_MINUTE: Final = timedelta(minutes=1)
_WITHIN_SECONDS: Final = "within seconds"
_WITHIN_MINUTES: Final = "within minutes"
_AT_ONCE: Final = timedelta(seconds=15)
_WITHIN_DELAY: Final = f"the forwarder looks at it within {LONGEST_DELAY // _MINUTE} min"

_AFTER_PAUSE: Final = (
    f"its pause has ended, and what waited for it is tried within {PAUSE_DELAY // _MINUTE} min"
)


@dataclass(frozen=True, slots=True)
class Wait:
    """Why a delivery waits.

    Attributes:
        reasons: sentences by the name of the reason: `deleted`, `paused` or `settling`.
        next_attempt: when it is sent, as a sentence.
    """

    reasons: Mapping[str, str] = field(default_factory=dict)
    next_attempt: str = ""

    @property
    def text(self) -> str:
        """The reason, or else the next attempt, on one line."""
        reasons = [f"{name}: {text}" for name, text in self.reasons.items()]
        return "; ".join([*reasons, self.next_attempt])

    def as_texts(self) -> dict[str, str]:
        """The reasons and the next attempt by their names."""
        return {**self.reasons, "next attempt": self.next_attempt}


class Waits:
    """Why deliveries wait. What several of them have in common is read once."""

    def __init__(self, deployed: Deployed, now: datetime) -> None:
        """Of the deliveries of a stack; `now` is aware."""
        self._deployed = deployed
        self._configuration = Configuration(deployed)
        self._now = now
        self._pauses: dict[str, Pauses] = {}
        self._ready: dict[tuple[str, str], datetime | None] = {}

    def of(self, record: DeliveryRecord) -> Wait | None:
        """Why a delivery waits; None if it does not."""
        if record.state is not State.BUFFERED:
            return None
        paused = self._pauses_of(record.source)
        if not paused.is_configured:
            due = record.details.get("next_attempt_at", _WITHIN_MINUTES)
            return of_deleted_source(record.source, due)
        if paused.since:
            return _of_pause(record.source, paused)
        ready_at = self._ready_at(record)
        if ready_at and ready_at > self._now:
            until = ready_at.astimezone(UTC).isoformat(timespec="seconds")
            settling = f"the flow {record.details['flow']} was created or changed, until {until}"
            return Wait({"settling": settling}, f"{until}, when the flow has settled")
        at = record.details.get("next_attempt_at")
        if at is None and paused.ended_at and record.received_at <= paused.ended_at:
            latest = paused.ended_at + SOURCE_LIFETIME + PAUSE_DELAY
            if self._now < latest:
                by = latest.astimezone(UTC).isoformat(timespec="seconds")
                return Wait(next_attempt=f"by {by}: {_AFTER_PAUSE}")
        return Wait(next_attempt=_next_attempt(at, self._now, _buffered_at(record)))

    def reason_of(self, source: str) -> str:
        """Why deliveries of a source wait, as far as the source says; empty if it does not.

        No record of the deliveries table is read.
        """
        paused = self._pauses_of(source)
        return _of_pause(source, paused).text if paused.since else self.deleted(source)

    def deleted(self, source: str) -> str:
        """What becomes of what waits for a source that does not exist; empty for one that does."""
        return "" if self._pauses_of(source).is_configured else of_deleted_source(source).text

    def _pauses_of(self, source: str) -> Pauses:
        if source not in self._pauses:
            self._pauses[source] = pauses(self._deployed, source)
        return self._pauses[source]

    def _ready_at(self, record: DeliveryRecord) -> datetime | None:
        """From when on the inlet keeps messages of its flow; None if that is not known."""
        key = record.source, record.details.get("flow", "")
        if key not in self._ready:
            self._ready[key] = self._read_ready_at(*key)
        return self._ready[key]

    def _read_ready_at(self, source: str, name: str) -> datetime | None:
        try:
            if "/" in name:
                return self._configuration.destination(name).flow.ready_at
            flow = self._configuration.source(source).flows.get(name) if name else None
        except OperationError:
            return None
        return flow.ready_at if flow else None


def of_deleted_source(source: str, at: str = _WITHIN_MINUTES) -> Wait:
    """Of a delivery whose source does not exist: it becomes a dead letter when it is tried.

    Args:
        source: its name.
        at: when it is tried.
    """
    becomes = (
        f"{at}: it becomes a dead letter, unless a source named {source} is deployed again by"
        f" then; after that, {redriven(source)}"
    )
    return Wait({"deleted": f"{source} is not a source any more: deleted or renamed"}, becomes)


def _of_pause(source: str, paused: Pauses) -> Wait:
    (what, since), *_ = paused.since.items()
    resumed = after_resume("source" if what == source else "connection", what)
    return Wait({"paused": f"{what}, since {since}"}, resumed)


def after_resume(kind: str, name: str) -> str:
    """When a delivery is sent whose source or connection is paused.

    Args:
        kind: `source` or `connection`.
        name: of it.
    """
    option = "--connection " if kind == "connection" else ""
    return f"{_WITHIN_MINUTES} after `inlet resume {option}{name}`"


def _buffered_at(record: DeliveryRecord) -> datetime:
    """When it was received or replayed; a redriven one was buffered later."""
    with suppress(KeyError, ValueError, TypeError):
        return max(record.received_at, datetime.fromisoformat(record.details["replayed_at"]))
    return record.received_at


def _next_attempt(at: str | None, now: datetime, buffered_at: datetime) -> str:
    if at is None:
        # A message has a delay if its source was paused when it was buffered, or is tried at once.
        tried = _WITHIN_SECONDS if now - buffered_at < _AT_ONCE else _WITHIN_DELAY
        return f"{tried}: it was buffered and not yet tried again"
    try:
        is_ahead = datetime.fromisoformat(at) > now
    except (ValueError, TypeError):
        is_ahead = True
    return at if is_ahead else f"{at}, which is due: {_WITHIN_MINUTES}"
