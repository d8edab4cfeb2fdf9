"""The endpoints under `/_emulator`: inspect the state, plan faults, move the clock."""

from base64 import b64encode
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    NonNegativeFloat,
    PositiveInt,
    TypeAdapter,
)

from adobe_emulator.control_documents import validated
from adobe_emulator.emulator import Adobe
from adobe_emulator.exchange import Call, Response, json_answer
from adobe_emulator.faults import (
    AnswerShort,
    AnswerWith,
    CloseConnection,
    Fault,
    Poison,
    Service,
    Truncate,
)
from adobe_emulator.ledger import Received
from adobe_emulator.resources import Kind

_POISON = TypeAdapter(Poison)


class _FaultDocument(BaseModel):
    """A `Fault` as JSON."""

    model_config = ConfigDict(extra="forbid")

    service: Service | None = None
    method: str | None = None
    path: str = "*"
    times: PositiveInt | None = 1
    delay_seconds: NonNegativeFloat = 0
    query: str = "*"
    effect: AnswerWith | CloseConnection | AnswerShort | Truncate | None = Field(
        None, discriminator="kind"
    )


class _Wait(BaseModel):
    """How far to move the clock."""

    model_config = ConfigDict(extra="forbid")

    seconds: NonNegativeFloat


def state(adobe: Adobe, call: Call) -> Response:  # noqa: ARG001 - the signature of handlers
    """The objects, and the numbers of received, lost and rejected messages."""
    objects = {str(kind): adobe.resources.ids(kind) for kind in Kind}
    document = {
        "now": adobe.clock.now().isoformat(),
        "settleSeconds": adobe.behavior.settle.total_seconds(),
        "tokensMinted": adobe.ims.minted,
        "objects": objects,
        "objectCount": sum(map(len, objects.values())),
        "mappingSets": adobe.mapping_sets.ids,
        "createdDatasets": adobe.datasets.created,
        "received": len(adobe.ledger.received),
        "lost": len(adobe.ledger.lost),
        "refused": len(adobe.ledger.refused),
    }
    return json_answer(200, document)


def ledger(adobe: Adobe, call: Call) -> Response:  # noqa: ARG001 - the signature of handlers
    """The received, lost and rejected messages."""
    recorded = adobe.ledger
    document = {
        "received": [_received(message) for message in recorded.received],
        "lost": [{**_received(lost.message), "reason": lost.reason} for lost in recorded.lost],
        "refused": [
            {
                "inletId": refused.inlet_id,
                "receivedTimeMs": refused.received_ms,
                "status": refused.status,
                "reason": refused.reason,
            }
            for refused in recorded.refused
        ],
    }
    return json_answer(200, document)


def add_fault(adobe: Adobe, call: Call) -> Response:
    """Plan a `Fault`."""
    document = validated(_FaultDocument.model_validate_json, call.body)
    adobe.faults.add(Fault(**dict(document)))
    return list_faults(adobe, call)


def add_poison(adobe: Adobe, call: Call) -> Response:
    """Plan a `Poison`."""
    adobe.faults.poison(validated(_POISON.validate_json, call.body))
    return list_faults(adobe, call)


def list_faults(adobe: Adobe, call: Call) -> Response:  # noqa: ARG001 - the signature of handlers
    """The remaining faults and poisons."""
    document = {
        "faults": [asdict(fault) for fault in adobe.faults.pending],
        "poisons": [asdict(poison) for poison in adobe.faults.poisons],
    }
    return json_answer(200, document)


def clear_faults(adobe: Adobe, call: Call) -> Response:
    """Remove all faults and poisons."""
    adobe.faults.clear()
    return list_faults(adobe, call)


def advance_clock(adobe: Adobe, call: Call) -> Response:
    """Move the clock forward: `{"seconds": 300}`."""
    wait = validated(_Wait.model_validate_json, call.body)
    adobe.clock.advance(timedelta(seconds=wait.seconds))
    return state(adobe, call)


def revoke_tokens(adobe: Adobe, call: Call) -> Response:
    """Invalidate all tokens."""
    adobe.ims.revoke_all()
    return state(adobe, call)


def reset(adobe: Adobe, call: Call) -> Response:
    """Reset everything but the clock."""
    adobe.reset()
    return state(adobe, call)


def _received(message: Received) -> dict[str, Any]:
    return {
        "inletId": message.inlet_id,
        "flowId": message.flow_id,
        "xactionId": message.xaction_id,
        "receivedTimeMs": message.received_ms,
        "batchId": message.batch_id,
        "content": b64encode(message.content).decode(),
        "headers": dict(message.headers),
        "authenticated": message.authenticated,
    }
