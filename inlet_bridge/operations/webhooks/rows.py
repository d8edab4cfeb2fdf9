"""Rows of a list of webhooks: what the logs, the deliveries table and the sources have of each."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from bridge.delivery.record import State
from inlet_bridge.operations.configuration.source_facts import SourceFacts
from inlet_bridge.operations.logs.deliveries import LoggedDelivery
from inlet_bridge.operations.logs.refusals import Refusal
from inlet_bridge.operations.records.table import DeliveryRecord

REFUSED: Final = "refused"
DROPPED: Final = "dropped"
"""Shown in place of the state of a dead letter or a failed record that an operator dropped."""
_NOTHING: Final = SourceFacts()
_DONE: Final = frozenset({State.DELIVERED, State.FILTERED})
# What the logs report of a delivery after they reported that it waits.
_AFTER_WAITING: Final = frozenset({State.DELIVERED, State.FAILED, State.DEAD})
# CloudWatch Logs shows lines some seconds after they were logged.
_LAG: Final = timedelta(minutes=1)
_SHORT_ID: Final = 16


class Outcome(NamedTuple):
    """A line of the logs about a webhook.

    Attributes:
        is_first: whether the function that received the webhook logged it.
    """

    logged: LoggedDelivery | Refusal
    is_first: bool

    @property
    def name(self) -> tuple[str, str]:
        """The source and the ID; of a refusal without an ID, its time."""
        if isinstance(self.logged, LoggedDelivery):
            return self.logged.source, self.logged.delivery_id
        return self.logged.source, self.logged.request_id or self.logged.at.isoformat()

    @property
    def key(self) -> str:
        """That of its row."""
        return _key(*self.name, is_refused=isinstance(self.logged, Refusal))


@dataclass(frozen=True, slots=True)
class WebhookRow:
    """A webhook in a list.

    Attributes:
        at: of the outcome that places it in the list.
        state: of `State`, or `refused`, or `dropped`.
        identifier: the delivery ID, or the ID of the refused request.
        answer: the HTTP status that the sender got; empty if it gets none.
        detail: the xactionId or the reason.
        refusal: the status of a refused request, as logged; `answer` may be the provider's form.
        received_at: if the table has it.
        is_repetition: whether the outcome is the response to a webhook that had come before.
    """

    at: datetime
    source: str
    identifier: str
    state: str
    detail: str
    answer: str = ""
    provider: str = ""
    event_type: str = ""
    flow: str = ""
    attempts: str = ""
    refusal: str = ""
    received_at: datetime | None = None
    is_repetition: bool = False

    @property
    def is_refused(self) -> bool:
        """Whether it is a refused request."""
        return self.state == REFUSED

    @property
    def key(self) -> str:
        """Identifies the row on a page and in a URL."""
        identifier = self.identifier or self.at.isoformat()
        return _key(self.source, identifier, is_refused=self.is_refused)


def _key(source: str, identifier: str, *, is_refused: bool) -> str:
    text = "\0".join((REFUSED if is_refused else "delivery", source, identifier))
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()[:_SHORT_ID]


def refused_row(refusal: Refusal, sources: Mapping[str, SourceFacts]) -> WebhookRow:
    """The row of a refused request."""
    facts = sources.get(refusal.source, _NOTHING)
    own = facts.unauthorized if refusal.status == "401" else 0
    return WebhookRow(
        refusal.at,
        refusal.source,
        refusal.request_id,
        REFUSED,
        refusal.reason,
        answer=str(own or refusal.status),
        provider=facts.provider,
        refusal=refusal.status,
    )


def delivery_row(
    outcome: Outcome, record: DeliveryRecord | None, sources: Mapping[str, SourceFacts]
) -> WebhookRow:
    """The row of a delivery, of a line about it and of its record."""
    logged = outcome.logged
    assert isinstance(logged, LoggedDelivery)  # noqa: S101 (for the type)
    details = record.details if record else {}
    state = logged.state
    detail = logged.detail
    if record and record.state not in {State.CLAIMED, State.NEW, logged.state}:
        state, detail = record.state, detail_of(record)
    facts = sources.get(logged.source, _NOTHING)
    detail = detail or detail_of(record)
    if logged.is_repetition:
        detail = ": ".join(filter(None, (_repeated(record), detail)))
    return WebhookRow(
        logged.at,
        logged.source,
        logged.delivery_id,
        state_of(record) if record and record.state == state else state,
        detail,
        answer=_answer(outcome, details, facts),
        provider=facts.provider,
        event_type=details.get("event_type", ""),
        flow=details.get("flow", ""),
        attempts=details.get("attempts", "") or logged.attempts,
        received_at=record.received_at if record else None,
        is_repetition=logged.is_repetition,
    )


def state_of(record: DeliveryRecord) -> str:
    """The state of a record as it is shown."""
    is_closed = record.state in {State.DEAD, State.FAILED} and not record.is_open
    return DROPPED if is_closed else record.state


def _delivered_at(record: DeliveryRecord) -> datetime | None:
    try:
        found = datetime.fromisoformat(record.details.get("delivered_at", ""))
    except ValueError:
        return None
    return found if found.tzinfo else None


def _repeated(record: DeliveryRecord | None) -> str:
    delivered_at = _delivered_at(record) if record else None
    if delivered_at is None:
        return "repetition, not sent again"
    return f"repetition of the one delivered at {delivered_at:%H:%M:%S}"


def record_row(record: DeliveryRecord, sources: Mapping[str, SourceFacts]) -> WebhookRow:
    """The row of an open delivery, at the time of its receipt."""
    line = LoggedDelivery(
        record.received_at, record.source, record.delivery_id, record.state, detail_of(record)
    )
    return delivery_row(Outcome(line, is_first=False), record, sources)


def is_superseded(outcome: Outcome, record: DeliveryRecord | None, now: datetime) -> bool:
    """Whether a later line about the same delivery has placed it in the list.

    Of an outcome that is not older than what CloudWatch Logs may lack, the later line may be
    missing.
    """
    logged = outcome.logged
    return (
        isinstance(logged, LoggedDelivery)
        and record is not None
        and logged.state is State.BUFFERED
        and record.state in _AFTER_WAITING
        and logged.at < now - _LAG
    )


def detail_of(record: DeliveryRecord | None) -> str:
    """The reason, or the xactionId, of the state of a record; empty if it has neither."""
    details = record.details if record else {}
    if details.get("failure"):
        return details["failure"]
    if record and record.state is State.DELIVERED:
        return details.get("xaction_id", "")
    parts = (details.get("class", ""), details.get("reason", ""))
    return ": ".join(part for part in parts if part)


def _answer(outcome: Outcome, details: Mapping[str, str], facts: SourceFacts) -> str:
    """The status that the receiver sent, as `bridge.receiving.responses` chooses it."""
    logged = outcome.logged
    if facts.is_queue:
        return ""
    if facts.accepted:
        return str(facts.accepted)
    if outcome.is_first and isinstance(logged, LoggedDelivery):
        return "200" if logged.state in _DONE else "202"
    # It waited, so the response was 202; before a replay, and if Adobe rejected it after its
    # delivery, it may have been either.
    has_failed = isinstance(logged, LoggedDelivery) and logged.state is State.FAILED
    is_unknown = details.get("replay") or has_failed
    return "2xx" if is_unknown else "202"
