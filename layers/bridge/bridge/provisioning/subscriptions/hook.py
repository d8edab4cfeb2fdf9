"""What a webhook must be at its vendor, and how it differs from that."""

import base64
import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import parse_qs, urlencode, urlsplit

from bridge.provisioning.subscriptions.record import Registered
from bridge.provisioning.subscriptions.vendors import Secret, Vendor

MARK: Final = "subscription"
"""The query parameter of the URL that identifies the webhooks of one source."""

_OWN = {"text": re.compile(r"[0-9a-f]{64}"), "whsec": re.compile(r"whsec_[A-Za-z0-9+/]{43}=")}
_DESCRIPTION = "Made by Inlet Bridge; change it there."


@dataclass(frozen=True, slots=True)
class Hook:
    """A webhook at a vendor.

    Attributes:
        item: as the vendor shows it.
    """

    id: str
    url: str
    item: Mapping[str, Any]


def mark_of(installation: str, stage: str, source: str) -> str:
    """The mark of a source's webhooks: the same for each URL that the source has."""
    return hashlib.sha256(f"{installation}\n{stage}\n{source}".encode()).hexdigest()[:16]


def marked(url: str, mark: str) -> str:
    """The URL of a webhook: that of the source, and the mark."""
    return f"{url}{'&' if urlsplit(url).query else '?'}{urlencode({MARK: mark})}"


def bears(url: str, mark: str) -> bool:
    """Whether a webhook's URL bears the mark."""
    return parse_qs(urlsplit(url).query).get(MARK) == [mark]


def is_marked(url: str) -> bool:
    """Whether a webhook's URL bears the mark of any source."""
    return MARK in parse_qs(urlsplit(url).query)


def same_place(url: str, other: str) -> bool:
    """Whether two webhooks call the same URL, queries aside."""
    first, second = urlsplit(url), urlsplit(other)
    return (first.scheme, first.netloc, first.path) == (second.scheme, second.netloc, second.path)


def read_hook(vendor: Vendor, item: Mapping[str, Any]) -> Hook:
    """A webhook of a vendor's answer."""
    found = value_at(item, vendor.id)
    return Hook(
        "" if found is None else str(found), str(value_at(item, vendor.address) or ""), item
    )


def request_body(
    vendor: Vendor, wanted: Registered, url: str, secret: str, *, creates: bool
) -> dict[str, Any]:
    """The body of a request that creates or updates a webhook.

    Args:
        vendor: its vendor.
        wanted: the target and the events.
        url: with the mark.
        secret: the bridge's own; empty if the vendor makes it.
        creates: whether the webhook does not exist.
    """
    body = {
        **_desired(vendor, wanted, url),
        **(vendor.created if creates else vendor.updated),
    }
    if member := vendor.presets[wanted.preset].member:
        _set(body, member, secret)
    return body


def differences(vendor: Vendor, wanted: Registered, url: str, hook: Hook) -> list[str]:
    """The members in which a webhook differs from what is wanted; never their values."""
    present = vendor.presets[wanted.preset].present
    expected = {**_desired(vendor, wanted, url), **vendor.expected}
    different = [
        path
        for path, value in _leaves(expected)
        if path not in vendor.unread and not _equal(value_at(hook.item, path), value)
    ]
    return different + ([present] if present and not value_at(hook.item, present) else [])


def is_disabled(vendor: Vendor, hook: Hook) -> bool:
    """Whether a vendor sends no events to a webhook any more."""
    return any(value_at(hook.item, name) == value for name, value in vendor.disabled.items())


def secret_text(secret: Secret, key: bytes) -> str:
    """A new secret of the bridge, from 32 random bytes."""
    return f"whsec_{base64.b64encode(key).decode()}" if secret.form == "whsec" else key.hex()


def is_own(secret: Secret, stored: str) -> bool:
    """Whether a stored secret is one that `secret_text` makes; another vendor's is not."""
    return bool(_OWN[secret.form].fullmatch(stored))


def value_at(item: object, path: str) -> Any:
    """A member by its path, or None."""
    for name in path.split("."):
        if not isinstance(item, Mapping):
            return None
        item = item.get(name)
    return item


def _desired(vendor: Vendor, wanted: Registered, url: str) -> dict[str, Any]:
    body = {name: _filled(value, url) for name, value in vendor.body.items()}
    if vendor.events.member:
        return body | {vendor.events.member: list(wanted.events)}
    return body | {name: name in wanted.events for name in vendor.events.names}


def _filled(value: Any, url: str) -> Any:
    match value:
        case dict():
            return {name: _filled(inner, url) for name, inner in value.items()}
        case "{url}":
            return url
        case "{description}":
            return _DESCRIPTION
        case _:
            return value


def _set(body: dict[str, Any], path: str, value: object) -> None:
    *outer, last = path.split(".")
    for name in outer:
        body = body.setdefault(name, {})
    body[last] = value


def _leaves(body: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in body.items():
        if isinstance(value, Mapping):
            yield from _leaves(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value


def _equal(found: object, value: object) -> bool:
    """Compare a member: lists without their order, an absent one as false."""
    if isinstance(value, list):
        return isinstance(found, list) and sorted(map(str, found)) == sorted(map(str, value))
    if value is False:
        return not found
    return found == value or (isinstance(value, str) and str(found) == value)
