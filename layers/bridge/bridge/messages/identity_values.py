"""What Identity Service does not take as an identity, and `identityMap`s without that.

It skips the record of an ECID that is not 38 digits and of a value over 1,024 characters, and
blocks "null", "anonymous", "invalid" and empty values ("Guardrails for Identity Service data"):
https://experienceleague.adobe.com/en/docs/experience-platform/identity/guardrails
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

from bridge.messages.declared_namespaces import (
    IDENTITY_MAP,
    declared_namespaces,
    unknown_namespace,
)
from bridge.sources.route import Route

_ECID: Final = re.compile(r"[0-9]{38}")
# Both halves of an ECID are a Long of Java:
# https://experienceleague.adobe.com/en/docs/experience-cloud-kcs/kbarticles/ka-32618
_LARGEST_LONG: Final = 2**63 - 1
_MOST_CHARACTERS: Final = 1_024
# In upper case too: nobody has one of these as an id, and it would merge unrelated profiles.
_PLACEHOLDERS: Final = frozenset({"null", "anonymous", "invalid"})
# "Number of identities in an XDM record" of the same page.
_MOST_IDENTITIES: Final = 20


def reason_against(namespace: str, identity: str) -> str:
    """Return why Identity Service does not take an identity; empty if it does."""
    text = identity.strip()
    if not text:
        return "is blank"
    if namespace == "ECID":
        return "" if _is_ecid(identity) else "is not an ECID, which has 38 digits"
    if len(identity) > _MOST_CHARACTERS:
        return f"has over {_MOST_CHARACTERS:,} characters"
    return "is a placeholder" if text.lower() in _PLACEHOLDERS else ""


def with_usable_identities(entity: dict[str, Any]) -> dict[str, Any]:
    """Return an entity without identities that Identity Service does not take.

    If the primary one is left out, the next namespace is primary. An entity that needs no change
    is returned itself; what has another form than an `identityMap` stays for the schema's check.
    """
    found = entity.get(IDENTITY_MAP)
    if type(found) is not dict or not any(
        _is_unusable(namespace, each) for namespace, each in _items(found)
    ):
        return entity
    kept = {
        namespace: [each for each in items if not _is_unusable(namespace, each)]
        if isinstance(items, list)
        else items
        for namespace, items in found.items()
    }
    lost = [namespace for namespace, each in _items(found) if _is_primary(each)]
    if lost and not any(_is_primary(each) for _, each in _items(kept)):
        _make_primary(kept, after=lost[0])
    left = {namespace: items for namespace, items in kept.items() if items != []}
    others = {name: value for name, value in entity.items() if name != IDENTITY_MAP}
    return {**entity, IDENTITY_MAP: left} if left else others


def namespace_findings(
    entity: Mapping[str, Any], known: tuple[str, ...], routes: tuple[Route, ...] = ()
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the faults and the warnings about the namespaces of an entity.

    Args:
        entity: of a message.
        known: codes of the sandbox's namespaces; empty if they are unknown.
        routes: of the source. Only a namespace that they spell out is named: any other comes from
            the webhook, and may be personal data.
    """
    found = entity.get(IDENTITY_MAP)
    if type(found) is not dict:
        return (), ()
    faults, warnings = [], []
    for namespace in found if known else ():
        if namespace in known:
            continue
        spelling = _spellings(known).get(namespace.lower())
        if spelling:
            faults.append(f"identityMap: the sandbox spells the namespace {spelling}")
        else:
            warnings.append(_unknown(namespace, known, routes))
    if sum(len(items) for items in found.values() if type(items) is list) > _MOST_IDENTITIES:
        warnings.append(f"identityMap has over {_MOST_IDENTITIES} identities")
    if sum(_is_primary(each) for _, each in _items(found)) > 1:
        warnings.append("identityMap has several primary identities")
    return tuple(faults), tuple(dict.fromkeys(warnings))


def _unknown(namespace: str, known: tuple[str, ...], routes: tuple[Route, ...]) -> str:
    if namespace in declared_namespaces(routes):
        return unknown_namespace(namespace, known)
    return "the sandbox does not have a namespace of identityMap"


@lru_cache(maxsize=64)
def _spellings(known: tuple[str, ...]) -> dict[str, str]:
    return {code.lower(): code for code in known}


def _items(identities: Mapping[str, Any]) -> list[tuple[str, Any]]:
    return [
        (namespace, each)
        for namespace, items in identities.items()
        if isinstance(items, list)
        for each in items
    ]


def _is_unusable(namespace: str, item: Any) -> bool:
    if type(item) is not dict or "id" not in item:
        return False
    identity = item["id"]
    if type(identity) is str:
        return bool(reason_against(namespace, identity))
    return identity is None


def _is_primary(item: Any) -> bool:
    return isinstance(item, dict) and item.get("primary") is True


def _make_primary(identities: dict[str, Any], after: str) -> None:
    """Make the first identity primary that follows a namespace; the last is followed by the first.

    Changes the lists of identities.
    """
    names = list(identities)
    start = names.index(after)
    for namespace in (*names[start:], *names[:start]):
        items = identities[namespace]
        if isinstance(items, list) and items and isinstance(items[0], dict):
            items[0] = {**items[0], "primary": True}
            return


def _is_ecid(text: str) -> bool:
    return bool(_ECID.fullmatch(text)) and max(int(text[:19]), int(text[19:])) <= _LARGEST_LONG
