"""Parse one line of a file with failed records.

What a line has beside its errors is not documented. Reports show the header and the body as they
were sent, as objects or each as a text of JSON. Nothing is known about a record of a mapped (raw)
flow.
"""

import json
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from bridge.reconciliation.producers import Producers
from bridge.reconciliation.violations import reason_of

# Of an xactionId such as `1565628583792:1485:153:2`; the index `Sent` allows 2,048 bytes.
_MOST_XACTION_BYTES = 200


class Producer(StrEnum):
    """Who sent a failed record: this deployment, somebody else, or it is unknown."""

    OURS = "ours"
    FOREIGN = "foreign"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class FailedRecord:
    """What is known of one failed record.

    Attributes:
        xaction_id: the inlet's id of the message, or empty.
        flow: `CONNECTION/FLOW`, `CONNECTION` for a flow that has been replaced, or empty.
        reason: see `violations.reason_of`.
    """

    producer: Producer
    xaction_id: str = ""
    flow: str = ""
    reason: str = ""


UNREADABLE = FailedRecord(Producer.UNKNOWN, reason="the line is not JSON")


def failed_record(line: bytes | None, producers: Producers) -> FailedRecord:
    """Parse a line; None is one that is too long."""
    if line is None:
        return UNREADABLE
    try:
        document: Any = json.loads(line)
    except (ValueError, RecursionError):
        return UNREADABLE
    if not isinstance(document, dict):
        return UNREADABLE
    header = _object(document.get("header"))
    name = _text(_object(header.get("source")).get("name"))
    flow_id, xaction_id = _text(header.get("flowId")), _text(header.get("xactionId"))
    flow = producers.flows.get(flow_id) or producers.sources.get(name, "")
    producer = Producer.OURS if flow else Producer.UNKNOWN
    if not flow and (flow_id or name):
        producer = Producer.FOREIGN
    return FailedRecord(
        producer,
        xaction_id if len(xaction_id.encode(errors="replace")) <= _MOST_XACTION_BYTES else "",
        flow,
        reason_of({**document, "_errors": _parsed(document.get("_errors"))}),
    )


def _object(value: object) -> dict[str, Any]:
    parsed = _parsed(value)
    return parsed if isinstance(parsed, dict) else {}


def _parsed(value: object) -> object:
    """A value, or that of its text if it is JSON."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        return value


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
