"""Warn of a text in a condition that is compared with nothing, and counts as true or false."""

from collections.abc import Iterator
from typing import Final

from bridge.messages.expression_tree import Node
from bridge.messages.jmespath_numbers import ExactParser
from bridge.sources.source import Source

_LOGICAL: Final = frozenset({"and_expression", "not_expression", "or_expression"})
_LONGEST_TEXT: Final = 64


def constant_condition_warnings(source: Source) -> Iterator[str]:
    """A sentence for each condition with a text that is compared with nothing.

    Every text but the empty one counts as true (JMESPath specification, "Or Expressions"), so that
    `event_type == 'a' || 'b'` is true of every event.
    """
    for index, route in enumerate(source.routes):
        if not route.when:
            continue
        for text in dict.fromkeys(_uncompared(ExactParser().parse(route.when).parsed)):
            named = _quoted(text[:_LONGEST_TEXT])
            yield (
                f"Routes.{index}.When of source {source.name} has the text {named}, which is"
                f" compared with nothing and counts as {'true' if text else 'false'}. Write a"
                f" comparison, such as event_type == {named if text else "'order.paid'"}"
            )


def _uncompared(node: Node) -> Iterator[str]:
    """The texts that are conditions themselves."""
    match node["type"]:
        case "literal" if isinstance(node["value"], str):
            yield node["value"]
        case kind if kind in _LOGICAL:
            for child in node["children"]:
                yield from _uncompared(child)


def _quoted(text: str) -> str:
    """The literal of a text as JMESPath writes it."""
    return "'" + text.replace("'", "\\'") + "'"
