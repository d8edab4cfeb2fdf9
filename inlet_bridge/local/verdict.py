"""Compare the responses of a run with the messages that reached the inlet."""

import base64
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

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
        received: the inlet's ledger, or None if it cannot be read (another Adobe).
        lost: messages that the inlet acknowledged and lost.
    """

    chain: Chain
    records: Mapping[tuple[str, str], Record]
    received: Sequence[Message] | None
    lost: int


def check_webhooks(outcomes: Sequence[Outcome], observations: Observations) -> list[Verdict]:
    """Check each webhook."""
    first = _first_bodies(outcomes)
    return [_check_webhook(outcome, observations, first) for outcome in outcomes]


def check_run(outcomes: Iterable[Outcome], observations: Observations) -> list[str]:
    """Check the whole run for lost and unexpected messages."""
    faults = [f"the inlet lost {observations.lost} messages"] if observations.lost else []
    if observations.received is not None:
        foreign = len(observations.received) - len(_first_bodies(outcomes))
        if foreign > 0:
            faults.append(f"{foreign} more messages are in the inlet than were accepted")
    return faults


def expected_statuses(outcome: Outcome, chain: Chain) -> tuple[int, ...]:
    """The correct statuses: a webhook is buffered while the flow settles, and then delivered.

    202 is also correct afterwards: it is the response if the inlet does not respond in time.
    """
    if outcome.webhook.refusal is not None:
        return (outcome.webhook.refusal,)
    return (202,) if outcome.answered_at < chain.ready_at else (200, 202)


type _Bodies = Mapping[tuple[str, str], bytes]


def _first_bodies(outcomes: Iterable[Outcome]) -> _Bodies:
    """The expected bodies: of webhooks with the same delivery id, the first one."""
    bodies: dict[tuple[str, str], bytes] = {}
    for outcome in outcomes:
        if outcome.delivery_id:
            bodies.setdefault(_key(outcome), outcome.body)
    return bodies


def _key(outcome: Outcome) -> tuple[str, str]:
    return outcome.webhook.source, outcome.delivery_id


def _check_webhook(outcome: Outcome, observations: Observations, first: _Bodies) -> Verdict:
    expected = expected_statuses(outcome, observations.chain)
    record = observations.records.get(_key(outcome)) if outcome.delivery_id else None
    xaction_id = outcome.xaction_id or (record.xaction_id if record else "")
    if outcome.status not in expected:
        faults: Iterable[str] = [f"answered {outcome.status} instead of {expected[0]}"]
    elif outcome.webhook.refusal is not None:
        faults = _faults_of_refused(outcome, observations)
    else:
        faults = (
            *_faults_of_accepted(outcome, observations, record, xaction_id),
            *_faults_in_inlet(outcome, observations, first, xaction_id),
        )
    return Verdict(outcome, expected, xaction_id, tuple(faults))


def _faults_of_refused(outcome: Outcome, observations: Observations) -> Iterable[str]:
    if not outcome.content_type.startswith("application/problem+json"):
        yield f"answered with {outcome.content_type or 'no content type'}"
    if outcome.answer.get("status") != outcome.status:
        yield "the problem's status is not the answer's"
    if any(message.carries(outcome.body) for message in observations.received or ()):
        yield "it reached the inlet"


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


def _faults_in_inlet(
    outcome: Outcome, observations: Observations, first: _Bodies, xaction_id: str
) -> Iterable[str]:
    """Check its copies in the inlet; two deliveries may have the same body."""
    body = first.get(_key(outcome), outcome.body)
    if observations.received is None:
        return
    found = [message for message in observations.received if message.carries(body)]
    copies = sum(other == body for other in first.values())
    if len(found) != copies:
        yield f"is {len(found)} times in the inlet, byte for byte, instead of {copies}"
    flow_id = observations.chain.flow_id
    if any(message.header_flow_id != flow_id for message in found):
        yield "reached the inlet with another header.flowId"
    if any(message.headers.get("x-adobe-flow-id") != flow_id for message in found):
        yield "reached the inlet with another x-adobe-flow-id"
    if not any(message.xaction_id == xaction_id for message in found):
        yield "the inlet does not know it by its xactionId"
    if not all(message.authenticated for message in found):
        yield "reached the inlet without a valid token"
