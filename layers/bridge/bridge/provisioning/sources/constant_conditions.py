"""Warn of a text in a condition that is compared with nothing, and counts as true or false."""

from collections.abc import Iterator
from typing import Final

from bridge.messages.expression_tree import Node
from bridge.messages.jmespath_numbers import ExactParser
from bridge.provisioning.sources.webhook_paths import is_path
from bridge.sources.source import Source

_LOGICAL: Final = frozenset({"and_expression", "not_expression", "or_expression"})
_LONGEST_TEXT: Final = 64


def constant_condition_warnings(source: Source) -> Iterator[str]:
    """A sentence for each condition with a text that is compared with nothing."""
    for index, route in enumerate(source.routes):
        for text in uncompared_texts(route.when):
            yield f"Routes.{index}.When of source {source.name} {constant_condition(text)}"


def uncompared_texts(expression: str) -> list[str]:
    """The texts of a valid condition that are compared with nothing; none of an empty one.

    Every text but the empty one counts as true (JMESPath specification, "Or Expressions"), so that
    `event_type == 'a' || 'b'` is true of every event.
    """
    tree = ExactParser().parse(expression).parsed if expression else None
    return list(dict.fromkeys(_uncompared(tree))) if tree else []


def constant_condition(text: str, path: str = "event_type") -> str:
    """What is wrong with such a text, and what to write; follows the place of the condition.

    Args:
        text: that is compared with nothing.
        path: of a field that it may be meant to be compared with.
    """
    named = _quoted(text[:_LONGEST_TEXT])
    example = named if text else "'order.paid'"
    way = f"Write a comparison, such as {path} == {example}"
    if is_path(text):
        way = f"Remove the single quotes around {text}"
    return (
        f"has the text {named}, which is compared with nothing and counts as"
        f" {'true' if text else 'false'}. {way}"
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
