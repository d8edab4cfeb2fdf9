"""Determine the delivery id, event type and time of a webhook by the provider's recipes.

A recipe is a list of alternatives, tried in order; an alternative is an extractor (see
`extractors`), or several joined with `+`, none of which may be empty.
`json:payload.uri+json:event` gives `https://…+invitee.created`. `sha256(form:rawRequest)` is the
hash of a value, for values that are long or personal: ids are logged.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Final, NamedTuple

from bridge.idempotency_keys import bounded, content_key, hashed, id_key
from bridge.verification.credentials import signing_time
from bridge.verification.encodings import utf8
from bridge.verification.extractors import parse_extractor, value, values
from bridge.verification.timestamps import instant
from bridge.webhook import Webhook

if TYPE_CHECKING:
    from bridge.verification.schemes import Scheme

_HASH: Final = "sha256("
_NO_VALUE: Final = frozenset({"", "[]"})
"""Extracted from absent items and empty lists: they identify nothing."""


type Find = Callable[[str], tuple[str, ...]]
"""Returns the values of an extractor: one per item of a list, empty where an item has none."""


class Identity(NamedTuple):
    """Identifies a webhook within its source; its retries have the same identity.

    Attributes:
        delivery_id: the provider's own id, else a hash; for display.
        key: for deduplication, see `bridge.idempotency_keys`.
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
    """Identify a webhook within its source.

    Args:
        recipe: of the provider's id.
        webhook: the verified webhook.
        event: its type; part of the key if the recipe finds no id, since equal bodies of
            different types are different events.
        signed: the signed content, where that is not the body; empty otherwise.
        by_content: derive the key from the content, whatever the recipe finds.
    """
    found = first_hit(recipe, partial(values, webhook))
    if found and not by_content:
        key = id_key("+".join(map(escaped, found)))
        return Identity(bounded("+".join(found)), key)
    parts = [signed] if signed else _content(recipe, webhook, event, by_content=by_content)
    key = content_key(parts)
    name = bounded("+".join(found)) if found else f"sha256:{key.removeprefix('content:')}"
    return Identity(name, key)


def _content(
    recipe: Sequence[str], webhook: Webhook, event: str, *, by_content: bool
) -> list[bytes]:
    """What identifies a webhook without an id: its body, uncompressed, as retries may differ.

    Without a body, these are the query and the values that the recipe finds. If there are none,
    each request is a webhook of its own: API Gateway adds an id to it.
    """
    if content := webhook.content.content or webhook.body:
        return [content] if by_content else [utf8(event), content]
    extractors = [each for alternative in recipe for each in extractors_of(alternative)]
    found = [webhook.url.partition("?")[2], *(value(webhook, each) for each in extractors)]
    if not any(found):
        found = [webhook.headers.get("x-amzn-trace-id", "")]
    return [utf8(event), *map(utf8, found)]


def event_type(recipe: Sequence[str], webhook: Webhook) -> str:
    """The provider's event type; empty when the recipe finds nothing."""
    return bounded("+".join(first_hit(recipe, partial(values, webhook))))


def sent_at(scheme: "Scheme", recipe: Sequence[str], webhook: Webhook) -> datetime | None:
    """The sender's time: the signed timestamp, else what the recipe finds."""
    if scheme.family in {"mac", "pk"} and scheme.timestamp:
        signed = signing_time(scheme.timestamp, scheme.signature, webhook)
        if time := instant(signed):
            return time
    found = first_hit(recipe, partial(values, webhook))
    return instant("+".join(found)) if found else None


def check_alternative(alternative: str) -> None:
    """Check one alternative of a recipe.

    Raises:
        ValueError: a part of it is not an extractor.
    """
    for extractor in extractors_of(alternative):
        parse_extractor(extractor)


def extractors_of(alternative: str) -> list[str]:
    """The extractors of one alternative of a recipe."""
    return [_inner(part) for part in alternative.split("+")]


def _inner(part: str) -> str:
    """The extractor of a part of an alternative."""
    if part.startswith(_HASH) and part.endswith(")"):
        return part.removeprefix(_HASH).removesuffix(")")
    return part


def first_hit(recipe: Sequence[str], find: Find) -> list[str]:
    """The parts of the first alternative of a recipe of which none is empty; else an empty list."""
    for alternative in recipe:
        parts = [_part(find, part) for part in alternative.split("+")]
        if all(parts):
            return parts
    return []


def _part(find: Find, part: str) -> str:
    found = find(_inner(part))
    if any(text in _NO_VALUE or text.isspace() for text in found):
        return ""
    joined = ",".join(found)
    return hashed(joined) if joined and part.startswith(_HASH) else joined


def escaped(part: str) -> str:
    """Escape `+`, the separator: the parts "a+b", "c" must not equal "a", "b+c"."""
    return part.replace("\\", r"\\").replace("+", r"\+")
