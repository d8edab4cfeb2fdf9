"""Drop, mask or hash private data before a body is stored."""

import hashlib
from collections.abc import Callable, Sequence
from typing import Any, Final

from bridge.sources.route import Privacy
from bridge.strict_json import write_json

MASK: Final = "***"

type _Node = dict[str, Any] | list[Any]
type _Change = Callable[[_Node, Any], None]


def redacted(document: Any, privacy: Privacy) -> Any:
    """Return a copy of a document with the values at the paths dropped, masked or hashed.

    A path is names joined by dots; a number is a list index and `*` every item. Missing paths are
    ignored. Hashes are deterministic, so that hashed values can still be joined.
    """
    for paths, change in (
        (privacy.hash, _hash),
        (privacy.mask, _mask),
        (privacy.drop, _drop),
    ):
        for path in paths:
            document = _changed(document, path.split("."), change)
    return document


def _changed(node: Any, way: Sequence[str], change: _Change) -> Any:
    """Return a node with the value at a path changed; nodes off the path are not copied."""
    step, *rest = way
    keys = _keys(node, step)
    if not keys:
        return node
    copied = node.copy()
    # From the end, so that deleting an item does not shift the remaining ones.
    for key in reversed(keys):
        if rest:
            copied[key] = _changed(node[key], rest, change)
        else:
            change(copied, key)
    return copied


def _keys(node: Any, step: str) -> list[Any]:
    match node:
        case dict():
            return [step] if step in node else []
        case list() if step == "*":
            return list(range(len(node)))
        case list() if step.isdecimal() and int(step) < len(node):
            return [int(step)]
    return []


def _drop(node: Any, key: Any) -> None:
    del node[key]


def _mask(node: Any, key: Any) -> None:
    if node[key] is not None:
        node[key] = MASK


def _hash(node: Any, key: Any) -> None:
    value = node[key]
    if value is not None:
        content = (
            value.encode(errors="surrogatepass") if isinstance(value, str) else write_json(value)
        )
        node[key] = hashlib.sha256(content).hexdigest()
