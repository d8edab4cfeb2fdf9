"""The commands that send a dead, failed or filtered delivery again, or give it up."""

import shlex

from bridge.delivery.outcomes import DeadClass
from bridge.delivery.record import State
from inlet_bridge.operations.records.table import DeliveryRecord


def next_step(record: DeliveryRecord, *, is_deleted: bool = False) -> str:
    """What an operator can do about a delivery; empty if nothing is to be done.

    Args:
        record: of the delivery.
        is_deleted: whether its source does not exist any more.
    """
    step = _step(record, _remedy(record, is_deleted=is_deleted))
    if step and is_deleted and not (record.state is State.DEAD and record.is_open):
        return f"deploy a source named {record.source} again; {step}"
    return step


def _remedy(record: DeliveryRecord, *, is_deleted: bool) -> str:
    """What has to be done before a dead letter is sent again."""
    if not is_deleted:
        # The record has no names of a body, which can be personal data.
        is_extraneous = "an extraneous key" in record.details.get("reason", "")
        named = f" (`inlet map {record.source} SAMPLE` names the key)" if is_extraneous else ""
        return f"remove the reason{named}"
    is_only_reason = record.details.get("class") == DeadClass.UNKNOWN_FLOW
    others = "" if is_only_reason else ", and remove the reason"
    return f"deploy a source named {record.source} again{others}"


def _step(record: DeliveryRecord, remedy: str) -> str:
    selection = f"--id {shlex.quote(record.delivery_id)} --source {record.source}"
    match record.state:
        case State.DEAD if record.is_open:
            return (
                f"{remedy}, then `inlet dead-letters redrive {selection}` sends it again;"
                f" `inlet dead-letters drop {selection}` deletes it"
            )
        case State.FAILED if record.is_open:
            return (
                f"remove the reason in Map or schema, then `inlet failed replay {selection}` sends"
                f" it again; `inlet failed drop {selection}` closes it"
            )
        case State.DEAD | State.FAILED | State.FILTERED if record.kept:
            again = f"`inlet replay {record.source} --id {shlex.quote(record.delivery_id)}`"
            if record.state is State.FILTERED:
                return f"once a route takes it, {again} sends it"
            return f"it was dropped; {again} sends it all the same"
        case State.FILTERED:
            return "once a route takes it, its sender can send it again"
    return ""
