"""Read the filters of the list of webhooks from the query of a URL, and write them there."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from urllib.parse import urlencode

from inlet_bridge.operations.webhooks.filters import STATES, Filter
from inlet_bridge.operations.webhooks.rows import REFUSED
from inlet_bridge.operations.webhooks.webhook_list import Cursor
from inlet_bridge.times import past_time

FIELDS: Final = ("source", "state", "refusal", "event_type", "since", "until")
DEFAULT_SINCE: Final = "1d"
REFUSALS: Final = {
    "401": "401 not authenticated",
    "404": "404 no such source",
    "413": "413 too large",
    "415": "415 not readable",
    "429": "429 to be retried",
    "503": "503 the bridge's own fault",
}
"""The statuses of refused requests, see `bridge.errors`."""
_MOST_CHARACTERS: Final = 300
_STATUS: Final = re.compile(r"[45]\d\d")
_CURSOR: Final = re.compile(r"(\d{1,17})((?:\.[0-9a-f]{16}){0,200})")
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)


class InvalidFieldError(ValueError):
    """A field of the filters is invalid; the message names it and the way out."""


@dataclass(frozen=True, slots=True)
class ListQuery:
    """The filters of a list, and where its page begins.

    Attributes:
        fields: the fields as they were given, without empty ones.
        before: None for the first page.
    """

    wanted: Filter
    fields: Mapping[str, str]
    before: Cursor | None

    @property
    def is_live(self) -> bool:
        """Whether new webhooks appear on the page."""
        return self.before is None and self.wanted.until is None

    def text(self, before: Cursor | None = None) -> str:
        """The query of a page with the same filters."""
        cursor = {"before": _cursor_text(before)} if before else {}
        return urlencode({**self.fields, **cursor})


def given_fields(parameters: Mapping[str, str]) -> dict[str, str]:
    """The fields that are not empty, shortened to what a page may repeat."""
    given = ((name, parameters.get(name, "").strip()) for name in FIELDS)
    return {name: text[:_MOST_CHARACTERS] for name, text in given if text}


def check_names(given: Iterable[tuple[str, str]], *others: str) -> None:
    """Raise InvalidFieldError for an unknown parameter, and for one that is given twice.

    Args:
        given: names and values in their order.
        others: names besides those of the filters.
    """
    seen: set[str] = set()
    for name, _ in given:
        if name not in {*FIELDS, "before", *others}:
            raise InvalidFieldError(
                f"There is no filter {name[:_MOST_CHARACTERS]}; there are {', '.join(FIELDS)}."
            )
        if name in seen:
            raise InvalidFieldError(f"{name} is given twice; give it once.")
        seen.add(name)


def list_query(parameters: Mapping[str, str], now: datetime) -> ListQuery:
    """Read a query. Raises InvalidFieldError."""
    fields = given_fields(parameters)
    state, refusal = fields.get("state", ""), fields.get("refusal", "")
    if state and state not in STATES:
        raise InvalidFieldError(f"state must be one of {', '.join(STATES)}.")
    if refusal and not _STATUS.fullmatch(refusal):
        raise InvalidFieldError("refusal must be an HTTP status such as 401 or 503.")
    if refusal and state not in ("", "refused"):
        raise InvalidFieldError("refusal filters refused requests; leave state empty.")
    if fields.get("event_type") and (refusal or state == REFUSED):
        raise InvalidFieldError("refused requests have no event type; leave event_type empty.")
    since = _time("since", fields.get("since", DEFAULT_SINCE), now)
    until = _time("until", fields["until"], now) if "until" in fields else None
    if until and until < since:
        raise InvalidFieldError("until must be later than since.")
    wanted = Filter(
        since=since,
        source=fields.get("source", ""),
        state=state,
        refusal=refusal,
        event_type=fields.get("event_type", ""),
        until=until,
    )
    return ListQuery(wanted, fields, _cursor(parameters.get("before", "")))


def _time(name: str, text: str, now: datetime) -> datetime:
    try:
        return past_time(text, now)
    except ValueError as exc:
        raise InvalidFieldError(f"{name} {exc}.") from None


def _cursor_text(cursor: Cursor) -> str:
    at = (cursor.at - _EPOCH) // _MICROSECOND
    return ".".join((str(at), *sorted(cursor.shown)[:200]))


def _cursor(text: str) -> Cursor | None:
    if not text:
        return None
    if found := _CURSOR.fullmatch(text):
        at = _EPOCH + int(found[1]) * _MICROSECOND
        return Cursor(at, frozenset(found[2].split(".")[1:]))
    raise InvalidFieldError("before must be that of a link to older webhooks; leave it out.")
