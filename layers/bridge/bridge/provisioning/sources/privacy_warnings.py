"""Warn of expressions that read what `Privacy` removed or masked before."""

from collections.abc import Iterable, Iterator
from typing import Final

from bridge.messages.expression_tree import Node
from bridge.messages.jmespath_numbers import ExactParser
from bridge.sources.route_expressions import event_expressions
from bridge.sources.source import Source

type _Names = tuple[str, ...]

_CHAINS: Final = frozenset({"subexpression", "index_expression"})
_PROJECTIONS: Final = frozenset({"projection", "value_projection", "filter_projection"})
_HERE: Final = frozenset({"index", "slice", "identity", "current"})
_BODY: Final = "body"


def privacy_warnings(source: Source) -> Iterator[str]:
    """A sentence for each path of `Privacy.Drop`, and for each masked identity, that is read.

    Positions in lists are not compared: an expression reads `items[0].card` and `items[].card`
    alike. A path that ends with one removes items, and leaves the list.
    """
    privacy = source.privacy
    if not (privacy.drop or privacy.mask):
        return
    event: _Names | None = ()
    if source.split:
        if path := _hit(privacy.drop, _reads(_tree(source.split))):
            yield f"Split reads body.{path}, which Privacy drops before, so that it has no value"
            return
        event = _event(_tree(source.split))
    if event is None:
        return
    for place, expression in event_expressions(source.item_id, source.routes):
        reads = {(*event, *read) for read in _reads(_tree(expression))}
        before = "before Split" if source.split else "before"
        if path := _hit(privacy.drop, reads):
            shown = _shown(path, event)
            yield f"{place} reads {shown}, which Privacy drops {before}, so that it has no value"
        elif ".Identity." in place and (path := _hit(privacy.mask, reads)):
            shown = _shown(path, event)
            yield f"{place} reads {shown}, which Privacy masks: all are the identity ***"


def _shown(path: str, event: _Names) -> str:
    return f"{path} of the whole body" if event else f"{_BODY}.{path}"


def _tree(expression: str) -> Node:
    """Of an expression, which was compiled before."""
    tree: Node = ExactParser().parse(expression).parsed
    return tree


def _event(split: Node) -> _Names | None:
    """The path of an event, which is `body` after `Split`; None if it is not known."""
    names = _path(split)
    return names[1:] if names and names[0] == _BODY else None


def _hit(paths: Iterable[str], reads: Iterable[_Names]) -> str:
    """The first path that is, or contains, one that is read; or empty."""
    known = set(reads)
    for path in paths:
        names = _without_positions(path)
        least = len(names) + _is_position(path.rpartition(".")[2])
        if names and any(len(read) >= least and read[: len(names)] == names for read in known):
            return path
    return ""


def _without_positions(path: str) -> _Names:
    return tuple(step for step in path.split(".") if not _is_position(step))


def _is_position(step: str) -> bool:
    return step == "*" or step.isdecimal()


def _reads(node: Node) -> Iterator[_Names]:
    """The paths below the body that an expression reads."""
    names = _path(node)
    if names is not None:
        if names[:1] == (_BODY,):
            yield names[1:]
        return
    for child in node["children"]:
        if isinstance(child, dict):
            yield from _reads(child)


def _path(node: Node) -> _Names | None:
    """The names of a path, without positions; None for any other expression."""
    match node["type"]:
        case "field":
            return (str(node["value"]),)
        case kind if kind in _HERE:
            return ()
        case "flatten":
            return _path(node["children"][0])
        case kind if kind in _CHAINS | _PROJECTIONS:
            parts = [
                _path(child) for child in node["children"][: 2 if kind in _PROJECTIONS else None]
            ]
            known = [each for each in parts if each is not None]
            return (
                tuple(name for each in known for name in each) if len(known) == len(parts) else None
            )
    return None
