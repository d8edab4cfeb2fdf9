"""What nobody may keep of a body is taken out before it is kept."""

import hashlib
from collections.abc import Callable, Sequence
from typing import Any, Final

from bridge.messages.strict_json import write_json
from bridge.route import Privacy

MASK: Final = "***"

type _Change = Callable[[dict[str, Any] | list[Any], Any], None]


def redacted(document: Any, privacy: Privacy) -> Any:
    """The document, changed in place: dropped, masked and hashed at the paths.

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
            *way, last = path.split(".")
            _at(document, way, last, change)
    return document


def _at(node: Any, way: Sequence[str], last: str, change: _Change) -> None:
    if way:
        step, *rest = way
        for key in _keys(node, step):
            _at(node[key], rest, last, change)
        return
    # From the end, so that what is dropped moves nothing that is still to come.
    for key in reversed(_keys(node, last)):
        change(node, key)


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
