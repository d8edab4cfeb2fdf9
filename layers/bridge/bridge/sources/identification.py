"""Which delivery is it, and of which type? Recipes of the provider, read from the request.

A recipe is a list of alternatives, tried in order; an alternative is a place (see `places`), or
several joined with `+`, of which every one must hold something. `json:payload.uri+json:event`
gives `https://…+invitee.created`.
"""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from bridge.sources.encodings import utf8
from bridge.sources.places import parse_place, value
from bridge.sources.shown_proof import signing_time
from bridge.sources.timestamps import instant
from bridge.webhook import Webhook

if TYPE_CHECKING:
    from bridge.sources.schemes import Scheme

MAX_LENGTH = 256
"""Characters of an id or a type; a longer one is replaced by its hash."""


def delivery_id(recipe: Sequence[str], webhook: Webhook, event: str = "") -> str:
    """What tells this delivery from all others of its source; retries have the same.

    Where the recipe finds nothing it is the hash of the body with the event type: the same
    body may mean two things.
    """
    return _first_hit(recipe, webhook) or _hashed(utf8(event) + b"\n" + webhook.body)


def event_type(recipe: Sequence[str], webhook: Webhook) -> str:
    """What happened, in the provider's words; empty when the recipe finds nothing."""
    return _first_hit(recipe, webhook)


def sent_at(scheme: "Scheme", recipe: Sequence[str], webhook: Webhook) -> datetime | None:
    """The sender's time: that of signing, else what the recipe finds."""
    if scheme.family in {"mac", "pk"}:
        signed = signing_time(scheme.timestamp, scheme.signature, webhook)
        if found := instant(signed):
            return found
    return instant(_first_hit(recipe, webhook))


def check_alternative(alternative: str) -> None:
    """Check the form of one alternative of a recipe.

    Raises:
        ValueError: a part of it is no place.
    """
    for place in alternative.split("+"):
        parse_place(place)


def _first_hit(recipe: Sequence[str], webhook: Webhook) -> str:
    for alternative in recipe:
        parts = [value(webhook, place) for place in alternative.split("+")]
        if all(parts):
            return bounded("+".join(parts))
    return ""


def bounded(text: str) -> str:
    """The text, or its hash when it would not fit a key or a log line."""
    if len(text) <= MAX_LENGTH and text.isprintable():
        return text
    return _hashed(utf8(text))


def _hashed(content: bytes) -> str:
    return f"sha256:{hashlib.sha256(content).hexdigest()}"
