"""Show what became of a webhook that `inlet send` sent to the local cloud."""

import shlex
from datetime import datetime
from typing import Any, Final

import requests

from bridge.delivery.record import State
from inlet_bridge.cli.console import Screen
from inlet_bridge.cli.delivery_tables import state_text
from inlet_bridge.cli.local_reasons import local_reasons
from inlet_bridge.cli.local_record import local_record
from inlet_bridge.cli.sent_repetition import repetition
from inlet_bridge.cli.styled_text import Text
from inlet_bridge.local.sent_identity import (
    sent_event_type,
    sent_handshake,
    sent_identity,
    unmet_conditions_of,
)
from inlet_bridge.local.single_sender import Target
from inlet_bridge.mapping.handshake_requests import lacking
from inlet_bridge.senders.sender import Request

_FIRST_ERROR_STATUS: Final = 400


def show_outcome(
    target: Target, request: Request, response: requests.Response, began: datetime, screen: Screen
) -> None:
    """The command that explains the delivery, or the reason that the sender does not get.

    Before it the state, if the response does not have it, why no route takes the webhook, of which
    delivery it is a repetition, and what the record says of its message. Of a handshake nothing is
    recorded.
    """
    if response.status_code >= _FIRST_ERROR_STATUS:
        for reason in local_reasons(target.source, began):
            screen.print(Text(f"The receiver logged: {reason}", style="yellow"))
        return
    source = target.configured
    handshake = sent_handshake(source, target.secret, request) if source else None
    if handshake and not handshake.missing:
        screen.print(
            Text("It was answered as a handshake, which is no event: nothing is recorded.")
        )
        return
    receipt = _receipt(response)
    delivery_id = str(receipt.get("delivery_id", "")) or _sent_identity(target, request, began)
    if not delivery_id:
        return
    record = local_record(target.source, delivery_id)
    state = receipt.get("status") or (record.state if record else None)
    if state and not receipt:
        screen.print(Text.assemble("state: ", state_text(State(state))))
    if source and handshake:
        text = f"! {lacking(source, handshake.missing)}; --body FILE sends one with it"
        screen.print(Text(text, style="yellow"))
    elif state == State.FILTERED:
        _show_filter(target, request, began, screen)
    if record and source and (text := repetition(source, record, began)):
        screen.print(Text(f"! {text}", style="yellow"))
    if record and (note := record.details.get("note")):
        screen.print(Text(f"! {note}", style="yellow"))
    command = f"inlet why {shlex.quote(delivery_id)} --source {target.source}"
    screen.print(Text(command, style="dim"))


def _show_filter(target: Target, request: Request, began: datetime, screen: Screen) -> None:
    """Why no route takes the webhook."""
    source = target.configured
    event = sent_event_type(source, request, began) if source else ""
    hints = unmet_conditions_of(source, request, began) if source else ()
    text = f"No route of {target.source} takes {event or 'it'}, and Otherwise says drop"
    screen.print(Text(f"{text}{':' if hints else '; see When of its Routes.'}", style="yellow"))
    for hint in hints:
        screen.print(Text(f"  {hint}", style="yellow"))


def _receipt(response: requests.Response) -> dict[str, Any]:
    """The receipt; empty for a provider that gets none."""
    try:
        document = response.json()
        return {"delivery_id": document["delivery_id"], "status": document.get("status", "")}
    except (ValueError, KeyError, TypeError, AttributeError):
        return {}


def _sent_identity(target: Target, request: Request, began: datetime) -> str:
    """The delivery ID by the rule of the provider."""
    source = target.configured
    return sent_identity(source, target.secret, request, began) if source else ""
