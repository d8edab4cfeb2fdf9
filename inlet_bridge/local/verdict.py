"""Compare the responses of a run with the messages that Adobe ingested."""

import base64
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from inlet_bridge.local.balance import Balance
from inlet_bridge.local.deliveries import Record
from inlet_bridge.local.delivery import Outcome
from inlet_bridge.local.scenario import Variation


@dataclass(frozen=True, slots=True)
class Message:
    """One message in the inlet's ledger.

    Attributes:
        content: its bytes as the inlet received them.
        headers: of its request, with lower-case names.
    """

    content: bytes
    xaction_id: str
    headers: Mapping[str, str]
    authenticated: bool

    @classmethod
    def from_ledger(cls, entry: Mapping[str, Any]) -> "Message":
        """Read an entry of the emulated Adobe's ledger."""
        return cls(
            content=base64.b64decode(entry["content"]),
            xaction_id=entry["xactionId"],
            headers=entry["headers"],
            authenticated=entry["authenticated"],
        )

    def carries(self, body: bytes) -> bool:
        """Whether the message is the envelope around exactly these bytes."""
        return self.content.endswith(b'"xdmEntity":' + body + b"}}")

    @property
    def header_flow_id(self) -> str:
        """`header.flowId` of the envelope."""
        return str(json.loads(self.content)["header"].get("flowId", ""))

    @property
    def entity_id(self) -> str:
        """`_id` of the entity, by which Profile keeps one of two copies; empty without one."""
        return str(json.loads(self.content)["body"]["xdmEntity"].get("_id", ""))


@dataclass(frozen=True, slots=True)
class Chain:
    """The connection and flow as the provisioner recorded them.

    Attributes:
        ready_at: before this time the inlet loses the messages that it accepts.
    """

    flow_id: str
    ready_at: datetime


@dataclass(frozen=True, slots=True)
class Verdict:
    """One webhook's outcome and its failed checks.

    Attributes:
        expected: the correct statuses.
        xaction_id: the inlet's id of the message, also if it was delivered later.
    """

    outcome: Outcome
    expected: tuple[int, ...]
    xaction_id: str
    faults: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Observations:
    """The records of a run.

    Attributes:
        received: what reached the dataset, or None if it cannot be read (another Adobe).
        lost: why the others did not that the inlet acknowledged, by their xactionId.
        balance: None for another Adobe, which takes up to an hour.
    """

    chain: Chain
    records: Mapping[tuple[str, str], Record]
    received: Sequence[Message] | None
    lost: Mapping[str, str]
    balance: Balance | None = None


def check_webhooks(outcomes: Sequence[Outcome], observations: Observations) -> list[Verdict]:
    """Check each webhook."""
    return [_check_webhook(outcome, observations) for outcome in outcomes]


def check_run(outcomes: Iterable[Outcome], observations: Observations) -> list[str]:
    """Check the whole run for lost and unexpected messages."""
    faults = [] if observations.balance is None else observations.balance.faults()
    if observations.received is not None:
        found = len(observations.received) + len(observations.lost)
        foreign = found - len(accepted_deliveries(outcomes))
        if foreign > 0:
            faults.append(f"{foreign} more messages are in the inlet than were accepted")
    return faults


def accepted_deliveries(outcomes: Iterable[Outcome]) -> set[tuple[str, str]]:
    """Source and delivery id of each accepted webhook; a repetition has those of the first."""
    return {_key(outcome) for outcome in outcomes if outcome.delivery_id}


def expected_statuses(outcome: Outcome, chain: Chain) -> tuple[int, ...]:
    """The correct statuses: a webhook is buffered while the flow settles, and then delivered.

    202 is also correct afterwards: it is the response if the inlet does not respond in time.
    """
    if outcome.webhook.refusal is not None:
        return (outcome.webhook.refusal,)
    return (202,) if outcome.answered_at < chain.ready_at else (200, 202)


def _key(outcome: Outcome) -> tuple[str, str]:
    return outcome.webhook.source, outcome.delivery_id


def _check_webhook(outcome: Outcome, observations: Observations) -> Verdict:
    expected = expected_statuses(outcome, observations.chain)
    record = observations.records.get(_key(outcome)) if outcome.delivery_id else None
    xaction_id = outcome.xaction_id or (record.xaction_id if record else "")
    if outcome.status not in expected:
        faults: Iterable[str] = [f"answered {outcome.status} instead of {expected[0]}"]
    elif outcome.webhook.refusal is not None:
        faults = _faults_of_refused(outcome)
    else:
        faults = (
            *_faults_of_accepted(outcome, observations, record, xaction_id),
            *_faults_at_adobe(observations, xaction_id),
        )
    return Verdict(outcome, expected, xaction_id, tuple(faults))


def _faults_of_refused(outcome: Outcome) -> Iterable[str]:
    if not outcome.content_type.startswith("application/problem+json"):
        yield f"answered with {outcome.content_type or 'no content type'}"
    if outcome.answer.get("status") != outcome.status:
        yield "the problem's status is not the answer's"


def _faults_of_accepted(
    outcome: Outcome, observations: Observations, record: Record | None, xaction_id: str
) -> Iterable[str]:
    if outcome.flow_id != observations.chain.flow_id:
        yield "answered with another flow id than the chain's"
    if not outcome.delivery_id:
        yield "answered without a delivery id"
    if record is None or record.state != "delivered":
        yield f"its record says {record.state if record else 'nothing'}"
    if not xaction_id:
        yield "has no xactionId"
    if outcome.webhook.variation is Variation.AGAIN and not outcome.xaction_id:
        yield "was not recognised as a repetition"


def _faults_at_adobe(observations: Observations, xaction_id: str) -> Iterable[str]:
    """Check the message with its xactionId, and that there is no copy of it."""
    if observations.received is None:
        return
    if reason := observations.lost.get(xaction_id):
        yield f"was accepted by Adobe and not ingested: {reason}"
        return
    found = [message for message in observations.received if message.xaction_id == xaction_id]
    if len(found) != 1:
        yield f"is {len(found)} times at Adobe by its xactionId"
        return
    [message] = found
    flow_id = observations.chain.flow_id
    copies = sum(other.entity_id == message.entity_id for other in observations.received)
    if message.entity_id and copies > 1:
        yield f"was ingested {copies} times with the same _id"
    if message.header_flow_id != flow_id:
        yield "reached the inlet with another header.flowId"
    if message.headers.get("x-adobe-flow-id") != flow_id:
        yield "reached the inlet with another x-adobe-flow-id"
    if not message.authenticated:
        yield "reached the inlet without a valid token"
