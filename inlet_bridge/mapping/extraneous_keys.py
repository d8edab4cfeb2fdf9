"""Name the keys of a sample's message that its schema does not have."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from bridge.messages.expressions import PROVIDER, Context
from bridge.messages.templates import compile_template
from bridge.sources.route import RouteTarget
from bridge.sources.source import Source
from bridge.strict_json import read_json
from inlet_bridge.plain_text import plain
from inlet_bridge.recipes.recipe import recipe_of

_EXTRANEOUS: Final = re.compile(r"an extraneous key at (its root|[^\s;]+)(?:; is it .+\?)?$")
"""The place of a key that the schema does not have, at the end of a reason."""

_MOST_NAMES: Final = 5
_LONGEST_NAME: Final = 64


def constraints_of(source: Source, flow: str) -> dict[str, Any]:
    """The constraints of a flow's messages; empty if they are not known."""
    text = source.schemas.get(source.flows[flow].checks, "")
    constraints: dict[str, Any] = read_json(text) if text else {}
    return constraints


def extraneous_keys(
    place: str, target: RouteTarget, context: Context, error: str, schema: Mapping[str, Any]
) -> str:
    """A sentence on keys that the schema does not have; empty for another error.

    The reason of a record has no names of a body, which can be personal data. These are from the
    author's own sample.

    Args:
        place: of the target, such as `Routes.0`.
        target: that makes the message.
        context: of the event.
        error: of the message.
        schema: its constraints.
    """
    found = _EXTRANEOUS.search(error)
    if found is None:
        return ""
    steps = [] if found[1] == "its root" else found[1].split(".")
    message = compile_template(target.map).build(context) if target.map else context["body"]
    names = list(dict.fromkeys(_unknown(message, schema, steps)))
    more = ", …" if len(names) > _MOST_NAMES else ""
    named = ", ".join(plain(each[:_LONGEST_NAME]) for each in names[:_MOST_NAMES]) + more
    have = f"fields that the schema does not have{f': {named}' if named else ''}"
    if not target.map:
        return (
            f"Without a Map the body is sent as it is, with {have}; a Map in Routes makes the"
            f" message, such as Map: {{eventType: event_type}}{_recipe(context)}"
        )
    if isinstance(read_json(target.map), str):
        return (
            f"{place}.Map gives an object with {have}; write those of the schema, each with its"
            " expression, such as Map: {eventType: event_type}"
        )
    return f"{place}.Map gives {have}"


def _recipe(context: Context) -> str:
    provider = str(context.get(PROVIDER) or "")
    return f"; `inlet recipes {provider}` shows one" if recipe_of(provider) else ""


def _unknown(value: Any, schema: Any, steps: list[str]) -> Iterator[str]:
    """The keys of the objects at a place of the schema that are not among its properties."""
    if not isinstance(schema, Mapping):
        return
    properties: Mapping[str, Any] = schema.get("properties", {})
    match value, steps:
        case dict(), []:
            yield from (str(each) for each in value if each not in properties)
        case dict(), ["*", *rest]:
            for name in value.keys() - properties.keys():
                yield from _unknown(value[name], schema.get("additionalProperties"), rest)
        case list(), ["*", *rest]:
            for each in value:
                yield from _unknown(each, schema.get("items"), rest)
        case dict(), [name, *rest] if name in value:
            yield from _unknown(value[name], properties.get(name), rest)
