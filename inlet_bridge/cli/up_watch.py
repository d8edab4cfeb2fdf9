"""Keep the local cloud running: deploy edits of sources.yaml, and show what reaches the inlet."""

import json
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from inlet_bridge.cli.console import Screen
from inlet_bridge.cli.styled_text import Text, text_of_json
from inlet_bridge.local.errors import LocalCloudError
from inlet_bridge.local.programs import Program
from inlet_bridge.local.verdict import Message
from inlet_bridge.local.watching import NewMessages, WatchedFile

_POLL_SECONDS = 0.5


def keep_running(
    programs: Sequence[Program],
    watched: WatchedFile,
    deploy: Callable[[str], None],
    messages: NewMessages | None,
    screen: Screen,
) -> None:
    """Keep running until Ctrl-C.

    Args:
        programs: have to run.
        watched: `sources.yaml`; its edits are deployed.
        deploy: deploys a text of it; raises LocalCloudError.
        messages: of the emulated inlet; None for another Adobe.
        screen: where it is shown.

    Raises:
        LocalCloudError: a program ended unexpectedly.
    """
    file = watched.path
    screen.print(
        "",
        Text(f"Everything keeps running, and edits of {file} are deployed.", style="bold"),
        Text("Press Ctrl-C to delete everything and exit.", style="bold"),
    )
    try:
        while True:
            for program in programs:
                if not program.running:
                    raise LocalCloudError(f"{program.name} ended unexpectedly", log=program.log)
            if (text := watched.edited()) is not None:
                _deploy(text, file, deploy, screen)
            for entry in messages or ():
                _show(Message.from_ledger(entry), screen)
            time.sleep(_POLL_SECONDS)
    except KeyboardInterrupt:
        screen.print()


def _deploy(text: str, file: Path, deploy: Callable[[str], None], screen: Screen) -> None:
    """Deploy an edit; an invalid one leaves the former as it is."""
    try:
        with screen.step(f"Deploying {file.name}"):
            deploy(text)
    except LocalCloudError as exc:
        screen.failure(exc)


def _show(message: Message, screen: Screen) -> None:
    document = json.loads(message.content)
    entity = document.get("body", {}).get("xdmEntity", document)
    screen.print(Text(f"A message reached the inlet, {message.xaction_id}:"), text_of_json(entity))
