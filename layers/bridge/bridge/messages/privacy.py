"""What nobody may keep of a body is taken out before it is kept."""

import hashlib
from collections.abc import Callable, Sequence
from typing import Any, Final

from bridge.sources.route import Privacy
from bridge.strict_json import write_json

MASK: Final = "***"

type _Node = dict[str, Any] | list[Any]
type _Change = Callable[[_Node, Any], None]


def redacted(document: Any, privacy: Privacy) -> Any:
    """A copy of a document: dropped, masked and hashed at the paths, and else the same.

    A path goes from name to name with dots; a number is an index of a list and `*` each item of
    one. What is not there stays away. Hashing makes a text of what it finds and is the same each
    time, so that a hashed address still joins.
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
    """A node with what is at a path changed; what the path does not lead to is not copied."""
    step, *rest = way
    keys = _keys(node, step)
    if not keys:
        return node
    copied = node.copy()
    # From the end, so that what is dropped moves nothing that is still to come.
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
