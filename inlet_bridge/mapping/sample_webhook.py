"""Build a sample webhook of a provider from its preset."""

import json
from collections.abc import Iterable
from typing import Any

from bridge.verification.catalogue import Preset

# API Gateway adds it to each request.
_NOT_THE_SENDERS = "header:x-amzn-trace-id"
_OTHER_PART = "created"


def sample_webhook(preset: Preset, event: str, delivery_id: str) -> tuple[dict[str, str], bytes]:
    """Build headers and a JSON body with this type and id where the provider has them.

    A type of several parts is given as `inlet why` prints it, such as `Issue+create`.

    What a recipe hashes, or reads from a token, is made by the sender.

    Raises:
        ValueError: the provider sends XML.
    """
    headers: dict[str, str] = {}
    document: Any = {"message": "sent by inlet send"}
    if isinstance(_first_step(preset), int):
        document = []
    # An id may include the type, so the type is set last.
    for recipe, text in ((preset.delivery_id, delivery_id), (preset.event_type, event)):
        parts = _parts(recipe)
        given = text.split("+") if text.count("+") == len(parts) - 1 else [text]
        given += [_OTHER_PART] * (len(parts) - len(given))
        for part, value in zip(parts, given, strict=False):
            kind, _, path = part.partition(":")
            if kind == "header":
                headers[path.partition("|")[0]] = value
            elif kind in {"json", "form"}:
                document = _put(document, _steps(path), value)
            elif kind == "xml":
                raise ValueError("it sends XML; name a file with --body")
    return headers, json.dumps(document).encode()


def _parts(recipe: Iterable[str]) -> list[str]:
    first = next(iter(recipe), "")
    return [part for part in first.split("+") if part and part != _NOT_THE_SENDERS]


def _first_step(preset: Preset) -> str | int | None:
    for recipe in (preset.event_type, preset.delivery_id):
        for part in _parts(recipe):
            if part.startswith("json:"):
                return _steps(part.removeprefix("json:"))[0]
    return None


def _steps(path: str) -> list[str | int]:
    return [0 if step in {"*", "0"} else step for step in path.split(".")]


def _put(node: Any, steps: list[str | int], value: str) -> Any:
    """Set a value at a path and create missing parents."""
    if not steps:
        return value
    step, rest = steps[0], steps[1:]
    if isinstance(step, int):
        items = node if isinstance(node, list) else []
        return [_put(items[0] if items else None, rest, value), *items[1:]]
    fields = node if isinstance(node, dict) else {}
    return {**fields, step: _put(fields.get(step), rest, value)}
