"""Keep only the parts of a body that may be forwarded, if the signature does not cover all."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from bridge.verification.extractors import EACH, parse_extractor, text_of

_NOTHING: Final = object()


@dataclass(slots=True)
class _Kept:
    """Which part of a value is kept: all, its text, the first of several texts, or some members."""

    how: Literal["all", "text", "first", "parts"] = "parts"
    parts: dict[str, "_Kept"] = field(default_factory=dict)


def covered_only(document: Any, signed: Iterable[str], unsigned: Iterable[str]) -> Any:
    """Return a copy of a document that contains only the given extractors' values.

    Args:
        document: a JSON or form document.
        signed: extractors whose texts the signature covers. A value without a text, such as an
            object, is omitted, because it is signed as empty. Of a repeated form field only the
            first value is signed, and kept.
        unsigned: extractors whose values are kept whole.
    """
    root = _Kept()
    for place in signed:
        _add(root, place, "first" if parse_extractor(place).kind == "form" else "text")
    for place in unsigned:
        _add(root, place, "all")
    found = _picked(document, root)
    return {} if found is _NOTHING else found


def _add(root: _Kept, place: str, how: Literal["all", "text", "first"]) -> None:
    parsed = parse_extractor(place)
    node = root
    for step in parsed.path if parsed.kind == "json" else (parsed.name,):
        node = node.parts.setdefault(step, _Kept())
    node.how = how


def _picked(node: Any, kept: _Kept) -> Any:
    match kept.how:
        case "all":
            return node
        case "parts":
            return _parts(node, kept.parts)
        case "first" if isinstance(node, list):
            node = node[0]
    return node if text_of(node) else _NOTHING


def _parts(node: Any, parts: Mapping[str, _Kept]) -> Any:
    match node:
        case dict():
            names = [name for name in node if name in parts and name != EACH]
            found = {name: _picked(node[name], parts[name]) for name in names}
            return {name: value for name, value in found.items() if value is not _NOTHING}
        case list() if EACH in parts:
            items = [_picked(item, parts[EACH]) for item in node]
            return [{} if item is _NOTHING else item for item in items]
        case list():
            indexes = sorted(int(step) for step in parts if step.isdecimal())
            items = [_picked(node[at], parts[str(at)]) for at in indexes if at < len(node)]
            return [item for item in items if item is not _NOTHING]
    return _NOTHING
