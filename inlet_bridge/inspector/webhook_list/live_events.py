"""Write what changes on an open page as server-sent events, whose elements htmx puts in place.

Each event has one element with `hx-swap-oob` (https://htmx.org/attributes/hx-swap-oob/):
elements of a table and others cannot be parsed together.
"""

import hashlib
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from inlet_bridge.inspector.web.rendering import fragment
from inlet_bridge.inspector.webhook_list.row_texts import shown_row
from inlet_bridge.operations.webhooks.live_list import Changes
from inlet_bridge.operations.webhooks.rows import WebhookRow


def digest_of(rows: Iterable[WebhookRow]) -> str:
    """Identifies what a page shows, without the ages."""
    return hashlib.sha256(repr(list(rows)).encode(errors="replace")).hexdigest()[:16]


def reset_events(rows: Iterable[WebhookRow], stack: str, now: datetime) -> Iterator[str]:
    """Show these rows instead of all others."""
    shown = [shown_row(row, stack, now) for row in rows]
    yield _change("reset", rows=shown)
    if shown:
        yield _change("not empty")


def change_events(changes: Changes, stack: str, now: datetime, older: str) -> Iterator[str]:
    """Apply changes; `older` is the URL of the next page if rows are removed."""
    for row, before in changes.added:
        place = f"w{before}" if before else ""
        yield _change("add", each=shown_row(row, stack, now), before=place)
    for row in changes.changed:
        yield _change("change", each=shown_row(row, stack, now))
    for key in changes.removed:
        yield _change("remove", row_id=f"w{key}")
    if changes.removed:
        yield _change("older", older=older)
    if changes.added:
        yield _change("not empty")
    if not changes.is_empty:
        yield text_event(_sentence(changes, now))


def text_event(text: str) -> str:
    """Show a sentence, which screen readers read after what they are reading."""
    return _change("text", text=text)


def end_event() -> str:
    """Let the browser close the connection and not open it again."""
    return "event: end\ndata: \n\n"


def _sentence(changes: Changes, now: datetime) -> str:
    parts = (
        f"{number} {name}"
        for number, name in ((len(changes.added), "new"), (len(changes.changed), "changed"))
        if number
    )
    text = f"{', '.join(parts) or 'Nothing shown is new'} at {now:%H:%M:%S}."
    if changes.is_cut:
        text += " More was logged than is shown here; reload the page to see the newest."
    return text


def _change(kind: str, **values: Any) -> str:
    """One event; https://html.spec.whatwg.org/multipage/server-sent-events.html."""
    text = fragment("live_change.html", kind=kind, **values).replace("\r", "\n")
    lines = "".join(f"data: {line}\n" for line in text.split("\n") if line)
    return f"event: change\n{lines}\n"
