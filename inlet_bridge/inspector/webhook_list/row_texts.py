"""How a row of the list of webhooks is written."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import quote

from bridge.names import PREFLIGHT_SOURCE
from inlet_bridge.operations.webhooks.rows import WebhookRow

_UNITS: Final = ((86_400, "d"), (3_600, "h"), (60, "min"), (0, "s"))


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A row with what the page adds.

    Attributes:
        row_id: of the element on the page.
        link: the page of this webhook; empty if it has none.
        age: since its receipt, or since the outcome if the receipt is not known.
    """

    row: WebhookRow
    row_id: str
    link: str
    since: datetime
    age: str

    @property
    def note(self) -> str:
        """What the source is, if its name does not say it; empty otherwise."""
        if self.row.source == PREFLIGHT_SOURCE:
            return "deployment test"
        return self.row.provider if self.row.provider != self.row.source else ""


def shown_row(row: WebhookRow, stack: str, now: datetime) -> ShownRow:
    """Write a row."""
    since = row.received_at or row.at
    return ShownRow(row, f"w{row.key}", link_of(row, stack), since, age_text(now - since))


def link_of(row: WebhookRow, stack: str) -> str:
    """The path of the page of one webhook or refused request."""
    own = _quoted(row.identifier)
    if not own or own in {".", ".."}:  # Browsers remove such segments of a path.
        return ""
    if row.is_refused:
        return f"/stacks/{stack}/refusals/{own}"
    return f"/stacks/{stack}/webhooks/{_quoted(row.source)}/{own}"


def age_text(age: timedelta) -> str:
    """An age in its largest unit, such as `4 min`; `static/ages.js` writes the same."""
    seconds = max(int(age.total_seconds()), 0)
    size, unit = next((size, unit) for size, unit in _UNITS if seconds >= size)
    return f"{seconds // (size or 1)} {unit}"


def _quoted(text: str) -> str:
    return quote(text, safe="", errors="replace")
