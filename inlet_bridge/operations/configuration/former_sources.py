"""Find out whether a name was that of a source that is deleted, and say what to do then."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta
from typing import Final

from botocore.exceptions import BotoCoreError, ClientError

from bridge.delivery.record import State
from bridge.sources.configured import RESUMED, paused_parameter
from inlet_bridge.operations.deployed import Deployed
from inlet_bridge.operations.errors import OperationError
from inlet_bridge.operations.logs.deliveries import DeliveryLog
from inlet_bridge.operations.records.open_counts import OpenCounts, open_counts

_SEARCHED: Final = timedelta(days=1)
_STATES: Final = {
    State.BUFFERED: "Waiting, and about to become dead letters",
    State.DEAD: "Dead letters",
    State.FAILED: "Rejected by Adobe",
}


def refuse_former_source(deployed: Deployed, name: str) -> None:
    """Raise OperationError if there are deliveries of a source that does not exist any more.

    They are looked for among the oldest open ones, and in the logs of a day. If those cannot be
    read, the source is taken for one that never existed.

    Args:
        deployed: the stack.
        name: none of its sources.
    """
    counts: dict[State, OpenCounts] = {}
    with suppress(ClientError, BotoCoreError, OperationError):
        table = deployed.dynamodb, deployed.deliveries
        counts = {state: open_counts(*table, state) for state in _STATES}
    found = {state: each.text([name]) for state, each in counts.items()}
    listed = [f"{_STATES[state]}: {text}." for state, text in found.items() if text]
    if not listed and not _is_logged(deployed, name):
        return
    history = f"Of a delivery, `inlet why ID --source {name}` shows what became of it."
    raise OperationError(
        f"{name} is not a source of {deployed.stack} any more: it was deleted or renamed",
        hint=" ".join([*listed, put_back(name), history]),
    )


def put_back(source: str) -> str:
    """What sends the dead letters of a deleted source; a sentence."""
    return f"Deploy a source named {source} again; then {redriven(source)}."


def redriven(source: str) -> str:
    """The command that sends the dead letters of a source; a clause."""
    return f"`inlet dead-letters redrive --source {source}` sends its dead letters"


def waiting_counts(deployed: Deployed) -> OpenCounts | None:
    """How many deliveries wait, by source; None if that cannot be read."""
    with suppress(ClientError, BotoCoreError, OperationError):
        return open_counts(deployed.dynamodb, deployed.deliveries, State.BUFFERED)
    return None


def before_deletion(counts: OpenCounts | None, source: str) -> str:
    """What to do about what waits for a source before it is deleted; empty if nothing waits."""
    text = counts.text([source]) if counts else ""
    return text and (
        f"{source} has {text} in the buffer. Without the source, each becomes a dead letter when"
        f" it is tried. Let them be delivered first: `inlet deliveries {source} --state buffered`"
        f" says why they wait. Or deploy a source named {source} again later; then"
        f" {redriven(source)}."
    )


def after_deletion(counts: OpenCounts | None, source: str) -> str:
    """What becomes of what waited for a deleted source; empty if nothing did."""
    text = counts.text([source]) if counts else ""
    return text and (
        f"{source} was deleted with {text} in the buffer. Each becomes a dead letter when it is"
        f" tried, unless a source named {source} is deployed again by then; after that,"
        f" {redriven(source)}."
    )


def ended_pause(parameters: Mapping[str, str], source: str) -> str:
    """That a deleted source was paused, and its successor is not; empty if it was not.

    Args:
        parameters: below the prefix of the stage, before the deletion.
        source: its name.
    """
    if parameters.get(paused_parameter(f"sources/{source}"), RESUMED) == RESUMED:
        return ""
    return (
        f"The pause of {source} ended with it: a source named {source} that is deployed again is"
        " not paused."
    )


def _is_logged(deployed: Deployed, name: str) -> bool:
    with suppress(ClientError, BotoCoreError, OperationError):
        now = deployed.time.now()
        log = DeliveryLog(deployed, deployed.time.now)
        return bool(log.newest(name, since=now - _SEARCHED, limit=1).found)
    return False
