"""The identity namespaces that the routes of a source spell out."""

from functools import lru_cache
from typing import Final

from bridge.sources.route import Route
from bridge.spelling import nearest
from bridge.strict_json import read_json

IDENTITY_MAP: Final = "identityMap"


@lru_cache(maxsize=64)
def declared_namespaces(routes: tuple[Route, ...]) -> frozenset[str]:
    """The namespaces of every `Identity`, and those that a `Map` spells out."""
    found: set[str] = set()
    for route in routes:
        for target in route.targets:
            found.update(namespace for namespace, _ in target.identity)
            template = read_json(target.map) if IDENTITY_MAP in target.map else None
            if isinstance(template, dict) and isinstance(template.get(IDENTITY_MAP), dict):
                found.update(template[IDENTITY_MAP])
    return frozenset(found)


@lru_cache(maxsize=64)
def unknown_namespace(namespace: str, known: tuple[str, ...]) -> str:
    """Say that the sandbox does not have a namespace, and which one may be meant.

    Args:
        namespace: that the routes spell out, since one of a message may be personal data.
        known: codes of the sandbox's namespaces.
    """
    close = nearest(namespace, known)
    meant = f"; is it {close}?" if close else ""
    return f"the sandbox has no identity namespace {namespace}{meant}"
