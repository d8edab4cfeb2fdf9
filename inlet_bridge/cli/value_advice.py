"""What to write in place of a value that an option does not take, or of a missing argument."""

import re
from pathlib import Path
from typing import Any, Final

from bridge.spelling import nearest
from inlet_bridge.cli.completion import source_names

_WAITS: Final = "What waits, such as the webhooks of a paused source, is --state buffered."
_ACCEPTED: Final = "What the inlet accepted is --state delivered."
_REJECTED: Final = (
    "What Adobe rejects is --state dead, and --state failed if it was accepted before; --refused"
    " lists the requests that the bridge rejected."
)
_DROPPED: Final = "What no route takes is --state filtered."
_STATES: Final = {
    **dict.fromkeys(("all", "any"), "Without --state, all are listed."),
    **dict.fromkeys(("paused", "queued", "pending", "waiting", "retrying", "open"), _WAITS),
    **dict.fromkeys(("success", "successful", "succeeded", "ok", "sent", "accepted"), _ACCEPTED),
    **dict.fromkeys(("error", "errors", "rejected", "refused", "invalid", "failure"), _REJECTED),
    **dict.fromkeys(("dropped", "ignored", "skipped"), _DROPPED),
}
"""By words of other tools; none begins a state."""
_CHOICE: Final = re.compile(r"'--state': '([^']*)' is not one of")
_FILE: Final = re.compile(r"file '(.+)' does not exist")
_TEMPLATES: Final = ("*.yaml", "*.yml")

_IDS: Final = "`inlet deliveries` lists IDs, with --refused those of rejected requests."
_NAMES: Final = "`inlet status` lists the connections and sources."
_ARGUMENTS: Final = {
    "why": _IDS,
    "failed show": "`inlet failed list` lists IDs.",
    "dead-letters show": "`inlet dead-letters list` lists IDs.",
    "repair": _NAMES,
    "destroy": _NAMES,
    "add": "`inlet providers` lists the providers.",
    "send": "`inlet providers` lists the providers.",
    "drain": "A deleted stack leaves queues with Buffer, DeadLetters or Events in their names: `aws"
    " sqs list-queues` lists their URLs.",
    "erase": "An expression selects what is erased, such as"
    " --where \"body.email == 'a@b.example'\"; --dry-run counts it first.",
}
"""By command: where a required argument is found."""


def with_permission(message: str) -> str:
    """The message about a file that does not exist, or that this user has no permission to see."""
    found = _FILE.search(message)
    try:
        if found:
            Path(found[1]).stat()
    except PermissionError:
        return message.replace("does not exist", "cannot be read: permission denied")
    except (OSError, ValueError):
        pass
    return message


def value_advice(message: str) -> str:
    """What is meant by a value that was refused: a sentence, or empty."""
    if found := _CHOICE.search(message):
        return _STATES.get(found[1].lower(), "")
    if found := _FILE.search(message):
        given = Path(found[1])
        names = [each.name for pattern in _TEMPLATES for each in given.parent.glob(pattern)]
        likely = nearest(given.name, names)
        return f"Is it {given.with_name(likely)}?" if likely else ""
    return ""


def argument_advice(argument: Any, command: str) -> str:
    """Where a missing argument is found: a sentence, or empty.

    Args:
        argument: that is missing.
        command: its words without `inlet`.
    """
    if getattr(argument, "name", "") == "source":
        return known_sources()
    return _ARGUMENTS.get(command, "")


def known_sources() -> str:
    """The sources of the file, as a sentence; or where they are listed."""
    names = source_names("")
    return f"The file has {', '.join(names)}." if names else "`inlet status` lists the sources."
