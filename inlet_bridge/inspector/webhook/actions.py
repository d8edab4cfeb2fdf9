"""What can be done with a delivery in its state, and what is asked before."""

from dataclasses import dataclass
from typing import Final, Literal

from bridge.delivery.record import State
from inlet_bridge.operations.delivery.history import DeliveryHistory

type ActionName = Literal["replay", "redrive", "drop"]

_READ_ONLY: Final = "The inspector is read-only: start it with --allow-actions."
_LABELS: Final[dict[ActionName, str]] = {
    "replay": "Replay",
    "redrive": "Redrive",
    "drop": "Drop",
}


@dataclass(frozen=True, slots=True)
class OfferedAction:
    """An action on a delivery.

    Attributes:
        problem: why it cannot be done; empty if it can.
    """

    name: ActionName
    label: str
    problem: str = ""


def offered_actions(history: DeliveryHistory, *, is_allowed: bool) -> tuple[OfferedAction, ...]:
    """The actions of the delivery's state, with the reason for those that cannot be done.

    Args:
        history: of the delivery.
        is_allowed: whether the inspector may change anything.
    """
    names: list[ActionName] = []
    record = history.record
    if record is None:
        return ()
    if record.state is State.DEAD:
        names = ["redrive", "drop"] if record.is_open else []
    elif record.state is State.FAILED:
        # What an operator dropped is not offered to be sent again.
        names = ["replay", "drop"] if record.is_open else []
    elif record.state not in {State.ERASED, State.CLAIMED}:
        names = ["replay"]
    return tuple(
        OfferedAction(name, _LABELS[name], _problem(name, history, is_allowed=is_allowed))
        for name in names
    )


def _problem(name: ActionName, history: DeliveryHistory, *, is_allowed: bool) -> str:
    if name == "replay" and history.webhook is None:
        return "It cannot be replayed: its body is not kept."
    return "" if is_allowed else _READ_ONLY


def confirmation(action: OfferedAction, history: DeliveryHistory) -> str:
    """What the action does, as the page that asks says it."""
    record = history.record
    is_failed = record is not None and record.state is State.FAILED
    is_waiting = record is not None and record.state is State.BUFFERED
    match action.name:
        case "replay" if is_waiting:
            return "It waits in the buffer already. Nothing is sent twice by this."
        case "replay":
            return (
                "The kept webhook is routed and mapped as the source is configured now, and sent"
                " again. Its message keeps its _id, so Profile drops a second one; the data lake"
                " has both."
            )
        case "redrive":
            return (
                "The dead letter moves to the buffer, and its retry period restarts. It is mapped"
                " as the source is configured now."
            )
        case "drop" if is_failed:
            return "The failed record is closed, so that nobody sends it again."
        case _:
            return "The dead letter is deleted. Nobody can send it again; it cannot be undone."
