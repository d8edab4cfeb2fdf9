"""Deliveries, rejected requests, dead letters and the audit as JSON."""

from typing import Any

from inlet_bridge.operations.delivery.refusal_reasons import Advice
from inlet_bridge.operations.logs.deliveries import LoggedDelivery
from inlet_bridge.operations.logs.refusals import Refusal
from inlet_bridge.operations.queues.dead_letter import DeadLetter
from inlet_bridge.operations.records.audit import Audit
from inlet_bridge.operations.records.table import DeliveryRecord


def logged_json(each: LoggedDelivery) -> dict[str, Any]:
    """An outcome from the logs."""
    return {
        "at": each.at.isoformat(),
        "source": each.source,
        "state": each.state.value,
        "delivery_id": each.delivery_id,
        "detail": each.detail,
    }


def record_json(record: DeliveryRecord) -> dict[str, Any]:
    """A record of the deliveries table."""
    return {
        "source": record.source,
        "state": record.state.value,
        "delivery_id": record.delivery_id,
        "received_at": record.received_at.isoformat(),
        **record.details,
    }


def refusal_json(refusal: Refusal) -> dict[str, Any]:
    """A rejected request."""
    return {
        "at": refusal.at.isoformat(),
        "source": refusal.source,
        "state": "refused",
        "status": int(refusal.status) if refusal.status.isdecimal() else refusal.status,
        "reason": refusal.reason,
        "request_id": refusal.request_id,
    }


def explained_json(refusal: Refusal, advice: Advice | None) -> dict[str, Any]:
    """A rejected request, and what to do."""
    way_out = {"advice": advice.text, "more": advice.where} if advice else {}
    return refusal_json(refusal) | way_out


def dead_letter_json(letter: DeadLetter) -> dict[str, Any]:
    """A dead letter without its payload."""
    delivery = letter.delivery
    return {
        "died_at": letter.died_at.isoformat(),
        "class": letter.kind,
        "source": delivery.source if delivery else None,
        "delivery_id": delivery.delivery_id if delivery else None,
        "attempts": letter.attempts,
        "reason": letter.reason,
    }


def audit_json(audit: Audit) -> dict[str, Any]:
    """Open deliveries by source and state, and the messages in the queues."""
    return {
        "sources": {
            source: {state.value: number for state, number in states.items()}
            for source, states in sorted(audit.states.items())
        },
        "waiting": audit.waiting,
        "dead_letters": audit.dead_letters,
        "missing": audit.missing,
    }
