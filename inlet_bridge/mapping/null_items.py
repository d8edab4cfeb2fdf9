"""Name the items of a list that are null, which a function does not take."""

import re
from collections.abc import Iterator
from typing import Final

from bridge.errors import MappingError
from bridge.messages.expression_tree import Node
from bridge.messages.expressions import Context, compile_expression
from bridge.messages.jmespath_numbers import ExactParser
from bridge.sources.route import RouteTarget
from inlet_bridge.mapping.mapped_literals import mapped_at
from inlet_bridge.mapping.tree_paths import plain_path

_OF_NULL: Final = re.compile(r"([^\s:]+): (\w+)\(\) does not take null;")
_IDENTITY: Final = "Identity."
_FAULTS: Final = (MappingError, ValueError, RecursionError)


def null_items(place: str, target: RouteTarget, context: Context, error: str) -> str:
    """A sentence on the items that cause an error; empty for another error.

    Args:
        place: of the target, such as `Routes.0`.
        target: with the Map and the Identity.
        context: of the event.
        error: of the message, which names the field of the Map or the namespace.
    """
    found = _OF_NULL.match(error)
    if found is None:
        return ""
    path, name = found.groups()
    is_identity = path.startswith(_IDENTITY)
    identities = {f"{_IDENTITY}{namespace}": text for namespace, text in target.identity}
    written = identities.get(path) if is_identity else mapped_at(target, path)
    try:
        tree = ExactParser().parse(written).parsed if isinstance(written, str) else None
        items = dict.fromkeys(_items(tree, name)) if tree else {}
        missing = [each for each in items if compile_expression(each).value(context) is None]
    except _FAULTS:
        return ""
    if not missing:
        return ""
    where = f"{place}.{path}" if is_identity else f"{place}.Map.{path}"
    named = f"{' and '.join(missing)} {'is' if len(missing) == 1 else 'are'}"
    return (
        f"{where}: {named} null in the list of {name}(); compact([ ]) around the items leaves out"
        " those that are null"
    )


def _items(node: Node, name: str) -> Iterator[str]:
    """The paths in lists that are written out as arguments of a function."""
    if node["type"] == "function_expression" and node["value"] == name:
        for argument in node["children"]:
            if argument["type"] == "multi_select_list":
                yield from filter(None, map(plain_path, argument["children"]))
    for child in node["children"]:
        if isinstance(child, dict):
            yield from _items(child, name)
