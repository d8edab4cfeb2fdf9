"""Which delivery is it, and of which type? Recipes of the provider, read from the request.

A recipe is a list of alternatives, tried in order; an alternative is a place (see `places`), or
several joined with `+`, of which every one must hold something. `json:payload.uri+json:event`
gives `https://…+invitee.created`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from bridge.deduplication import content_key, hashed, id_key, is_short
from bridge.verification.credentials import signing_time
from bridge.verification.encodings import utf8
from bridge.verification.extractors import parse_extractor, value
from bridge.verification.timestamps import instant
from bridge.webhook import Webhook

if TYPE_CHECKING:
    from bridge.verification.schemes import Scheme


@dataclass(frozen=True, slots=True)
class Identity:
    """What tells a webhook from all others of its source; its retries have the same.

    Attributes:
        delivery_id: the provider's own id, else a hash; for people.
        key: for deduplication, see `bridge.deduplication`.
    """

    delivery_id: str
    key: str


def identity_of(
    recipe: Sequence[str],
    webhook: Webhook,
    event: str = "",
    *,
    signed: bytes = b"",
    by_content: bool = False,
) -> Identity:
    """Which webhook of its source it is.

    Args:
        recipe: of the provider's id.
        webhook: that was verified.
        event: its type: where the recipe finds nothing, the same body may mean two things.
        signed: what the proof covers, where that is not the body; empty otherwise.
        by_content: the content is the key, whatever the recipe finds.
    """
    found = _first_hit(recipe, webhook)
    if found and not by_content:
        return Identity(bounded("+".join(found)), id_key("+".join(map(_escaped, found))))
    parts = [signed] if signed else [webhook.body] if by_content else [utf8(event), webhook.body]
    key = content_key(parts)
    name = bounded("+".join(found)) if found else f"sha256:{key.removeprefix('content:')}"
    return Identity(name, key)


def event_type(recipe: Sequence[str], webhook: Webhook) -> str:
    """What happened, in the provider's words; empty when the recipe finds nothing."""
    return bounded("+".join(_first_hit(recipe, webhook)))


def sent_at(scheme: "Scheme", recipe: Sequence[str], webhook: Webhook) -> datetime | None:
    """The sender's time: that of signing, else what the recipe finds."""
    if scheme.family in {"mac", "pk"}:
        signed = signing_time(scheme.timestamp, scheme.signature, webhook)
        if found := instant(signed):
            return found
    return instant("+".join(_first_hit(recipe, webhook)))


def check_alternative(alternative: str) -> None:
    """Check the form of one alternative of a recipe.

    Raises:
        ValueError: a part of it is no place.
    """
    for place in extractors_of(alternative):
        parse_extractor(place)


def extractors_of(alternative: str) -> list[str]:
    """The places of one alternative of a recipe."""
    return alternative.split("+")


def _first_hit(recipe: Sequence[str], webhook: Webhook) -> list[str]:
    for alternative in recipe:
        parts = [value(webhook, place) for place in extractors_of(alternative)]
        if all(parts):
            return parts
    return []


def _escaped(part: str) -> str:
    """A part of a key: `+` stands between parts only, or "a+b", "c" would be "a", "b+c"."""
    return part.replace("\\", r"\\").replace("+", r"\+")


def bounded(text: str) -> str:
    """The text, or its hash when it would not fit a key or a log line."""
    return text if is_short(text) else hashed(text)
