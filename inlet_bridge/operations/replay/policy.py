"""Whether a delivery may be sent again, by its record."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from bridge.delivery.record import State
from inlet_bridge.operations.errors import OperationError
from inlet_bridge.operations.replay.outcomes import Outcome

DECIDING: Final = (
    *("state", "received_at", "claimed_until", "expires_at"),
    *("replay", "replayed_at", "delivered_at"),
)
"""The attributes that decide: a record is opened again only while they are as they were read."""

_LONG_AGO: Final = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class SeenRecord:
    """A record as it was read.

    Attributes:
        replay: the run that sent it last; empty if none did.
        delivered_at: the last time that the inlet accepted it.
        item: as DynamoDB returned it.
    """

    state: State
    received_at: datetime
    claimed_until: datetime
    expires_at: datetime
    replay: str
    replayed_at: datetime
    delivered_at: datetime
    item: Mapping[str, Any]

    @classmethod
    def of(cls, item: Mapping[str, Any]) -> "SeenRecord":
        """Read an item. Raises OperationError for one that the bridge did not write."""
        texts = {name: str(next(iter(item[name].values()))) for name in DECIDING if name in item}
        try:
            return cls(
                state=State(texts["state"]),
                received_at=datetime.fromisoformat(texts["received_at"]),
                claimed_until=_epoch(texts.get("claimed_until")),
                expires_at=_epoch(texts.get("expires_at"), datetime.max.replace(tzinfo=UTC)),
                replay=texts.get("replay", ""),
                replayed_at=_time(texts.get("replayed_at")),
                delivered_at=_time(texts.get("delivered_at")),
                item=item,
            )
        except (KeyError, ValueError, OverflowError, OSError) as exc:
            raise OperationError(f"a row of the deliveries table cannot be read: {exc}") from None


def decide(
    record: SeenRecord | None,
    *,
    run_id: str,
    started_at: datetime,
    received_at: datetime,
    now: datetime,
) -> Outcome:
    """Whether a delivery may be sent: SENT, or why not.

    A run sends a delivery once, also if it is interrupted and resumed, and not if another run or
    the bridge itself has sent it since the run began.

    Args:
        record: of the delivery; None if there is none.
        run_id: of the run.
        started_at: when the run began.
        received_at: of the webhook that would be sent.
        now: the time.
    """
    if record is None or record.expires_at < now:
        return Outcome.SENT
    if record.received_at != received_at:
        return Outcome.REPEATED
    match record.state:
        case State.ERASED:
            return Outcome.ERASED
        case State.BUFFERED:
            # Every message of a replay reserves its attempt, so a second one is not sent. The
            # message of a delivery that was never replayed may not.
            return Outcome.SENT if record.replay else Outcome.WAITING
        case State.CLAIMED:
            return Outcome.CLAIMED if record.claimed_until >= now else Outcome.SENT
    sent_at = max(record.replayed_at, record.delivered_at)
    return Outcome.DONE if record.replay == run_id or sent_at >= started_at else Outcome.SENT


def decide_failed(record: SeenRecord | None, run_id: str) -> Outcome:
    """The same for a record that Adobe rejected, which may have been sent or closed meanwhile.

    What a run has sent and Adobe has rejected again is not sent again by that run.
    """
    if record is None:
        return Outcome.DONE
    wanted = State.BUFFERED if record.replay == run_id else State.FAILED
    return Outcome.SENT if record.state is wanted else Outcome.DONE


def _epoch(text: str | None, otherwise: datetime = _LONG_AGO) -> datetime:
    return datetime.fromtimestamp(int(text), UTC) if text else otherwise


def _time(text: str | None) -> datetime:
    time = datetime.fromisoformat(text) if text else _LONG_AGO
    return time if time.tzinfo else time.replace(tzinfo=UTC)
