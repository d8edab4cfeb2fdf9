"""Find the fields of an expression that no examined body has: they may be misspelled."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from bridge.messages.expression_tree import Node
from bridge.messages.jmespath_numbers import ExactParser
from bridge.spelling import nearest

_BODY: Final = "body"
_MOST_NAMES: Final = 200
# Nodes whose other children are evaluated against the result of the first.
_FROM_LEFT: Final = frozenset(
    {
        *("subexpression", "index_expression", "pipe"),
        *("projection", "value_projection", "filter_projection"),
    }
)


class AbsentFields:
    """Follows the paths of an expression, such as `body.customer.email`, in what is examined.

    Args:
        expression: which is valid.
    """

    def __init__(self, expression: str) -> None:
        tree = ExactParser().parse(expression).parsed
        self._absent = dict.fromkeys(_paths(tree))
        self._beside: dict[tuple[str, ...], dict[str, None]] = {}
        self._has_examined = False

    def examine(self, context: Mapping[str, Any]) -> None:
        """Look for the fields in what the expression reads of a webhook or an event."""
        self._has_examined = True
        for path in list(self._absent):
            if self._is_in(path, context):
                del self._absent[path]

    def sentences(self) -> Iterator[str]:
        """One for each field that nothing had; none if nothing was examined."""
        for path in self._absent if self._has_examined else ():
            last = next(
                size for size in range(len(path), 0, -1) if size == 1 or path[:size] in self._beside
            )
            close = nearest(path[last - 1], list(self._beside.get(path[:last], ())))
            meant = f"; is it {'.'.join((*path[: last - 1], close))}?" if close else ""
            yield f"nothing that was examined has {'.'.join(path)}{meant}"

    def _is_in(self, path: tuple[str, ...], context: Mapping[str, Any]) -> bool:
        """Whether a context has a field; if not, the names beside it are noted."""
        value: Any = context
        for size, name in enumerate(path, 1):
            if not isinstance(value, dict):
                return False
            if name not in value:
                names = self._beside.setdefault(path[:size], {})
                if len(names) < _MOST_NAMES:
                    names.update(dict.fromkeys(map(str, value)))
                return False
            value = value[name]
        return True


def _paths(node: Node) -> Iterator[tuple[str, ...]]:
    """The paths of fields of the body that an expression reads from its root."""
    if path := _path(node):
        if path[0] == _BODY and len(path) > 1:
            yield path
        return
    children = node.get("children", ())
    for child in children[:1] if node["type"] in _FROM_LEFT else children:
        yield from _paths(child)


def _path(node: Node) -> tuple[str, ...]:
    """The names of a path of fields only; empty for any other expression."""
    match node["type"]:
        case "field":
            return (str(node["value"]),)
        case "subexpression":
            parts = [_path(child) for child in node["children"]]
            return tuple(name for part in parts for name in part) if all(parts) else ()
    return ()
