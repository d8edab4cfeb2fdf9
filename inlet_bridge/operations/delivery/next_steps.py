"""The commands that send a dead, failed or filtered delivery again, or give it up."""

import shlex

from bridge.delivery.record import State
from inlet_bridge.operations.records.table import DeliveryRecord


def next_step(record: DeliveryRecord) -> str:
    """What an operator can do about a delivery; empty if nothing is to be done."""
    selection = f"--id {shlex.quote(record.delivery_id)} --source {record.source}"
    match record.state:
        case State.DEAD if record.is_open:
            return (
                f"remove the reason, then `inlet dead-letters redrive {selection}` sends it again;"
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
    return ""
