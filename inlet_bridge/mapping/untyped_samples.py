"""Say what a sample without an event type is, and where its provider has the type."""

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any, Final

from bridge.sources.source import Source
from bridge.strict_json import read_json
from bridge.verification.catalogue import PRESETS

_ITEM: Final = re.compile(r"\.(?:\d+|\*)(?=\.|$)")
_DEEPEST: Final = 4
_MOST_VALUES: Final = 100
_MOST_NAMES: Final = 8
_IN_A_BODY: Final = frozenset({"json", "form"})


def untyped_sample(source: Source, body: bytes) -> str:
    """The way out for a sample that has no event type, as a clause.

    Args:
        source: that takes the sample.
        body: of the sample.
    """
    parts = [each.partition(":") for recipe in source.event_type[:1] for each in recipe.split("+")]
    if not parts:
        return "give --event-type TYPE"
    preset = PRESETS.get(source.provider)
    title = preset.title if preset else source.name
    names = [path.partition("|")[0] for _, _, path in parts]
    kinds = {kind for kind, _, _ in parts}
    if kinds == {"header"}:
        options = " ".join(f"--header {each}=VALUE" for each in names)
        if _is_event_with(_document(body), names):
            return "the type is in its headers: keep its members headers and body alone"
        return f"give {options}, as {title} does, or --event-type TYPE"
    if not kinds <= _IN_A_BODY:
        return f"give --event-type TYPE, as {title} names it"
    document = _document(body)
    for path, inner, is_text in islice(_within(document, "", 0), _MOST_VALUES):
        if all(_has(inner, each.split(".")) for each in names):
            verb = "are" if len(names) > 1 else "is"
            content = "the JSON in that text" if is_text else "it"
            found = f"{' and '.join(names)} {verb} in {path}"
            return f"{found}: if that is the webhook, save {content} alone"
    fields = " and ".join(_ITEM.sub("[0]", f"body.{each}") for each in names)
    there = f", and the sample has {_names(document)}" if _names(document) else ""
    return f"that of {title} is in {fields}{there}; --event-type TYPE gives one"


def _is_event_with(document: Any, names: list[str]) -> bool:
    """Whether a sample is an event of API Gateway and the like, with these headers."""
    if not isinstance(document, dict) or not isinstance(headers := document.get("headers"), dict):
        return False
    return "body" in document and {each.lower() for each in headers}.issuperset(names)


def _within(node: Any, path: str, depth: int) -> Iterator[tuple[str, Any, bool]]:
    """The path and value of each member, and whether it is JSON in a text."""
    if depth > _DEEPEST:
        return
    match node:
        case dict():
            members = [
                (f"{path}.{name}" if path else str(name), each) for name, each in node.items()
            ]
        case [first, *_]:
            members = [(f"{path}[0]", first)]
        case _:
            return
    for place, each in members:
        inner = _document(each.encode()) if isinstance(each, str) else each
        yield place, inner, isinstance(each, str)
        yield from _within(inner, place, depth + 1)


def _document(body: bytes) -> Any:
    """The JSON of a text; None for another text."""
    try:
        return read_json(body.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return None


def _has(node: Any, steps: list[str]) -> bool:
    for step in steps:
        match node:
            case dict() if step in node:
                node = node[step]
            case [first, *_] if step in {"0", "*"}:
                node = first
            case _:
                return False
    return True


def _names(document: Any) -> str:
    names = [*document] if isinstance(document, dict) else []
    shown = [each for each in names if len(each) <= 64][:_MOST_NAMES]  # noqa: PLR2004 (as of hints)
    return ", ".join(shown) + (", …" if len(names) > len(shown) else "")
