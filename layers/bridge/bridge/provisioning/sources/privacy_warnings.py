"""Warn of expressions that read what `Privacy` removed or masked before."""

from collections.abc import Iterator, Mapping
from typing import Final

from bridge.messages.expression_tree import Node
from bridge.messages.jmespath_numbers import ExactParser
from bridge.sources.route_expressions import target_expressions
from bridge.sources.source import Source

type _Names = tuple[str, ...]

_CHAINS: Final = frozenset({"subexpression", "index_expression"})
_PROJECTIONS: Final = frozenset({"projection", "value_projection", "filter_projection"})
_HERE: Final = frozenset({"index", "slice", "identity", "current"})


def privacy_warnings(source: Source) -> Iterator[str]:
    """A sentence for each path of `Privacy.Drop`, and for each masked identity, that is read.

    Positions in lists are not compared: an expression reads `items[0].card` and `items[].card`
    alike.
    """
    dropped, masked = (
        {path: _without_positions(path) for path in paths}
        for paths in (source.privacy.drop, source.privacy.mask)
    )
    if not (dropped or masked):
        return
    for place, expression in _expressions(source):
        reads = set(_reads(ExactParser().parse(expression).parsed))
        if path := _hit(dropped, reads):
            yield f"{place} reads body.{path}, which Privacy drops before, so that it has no value"
        elif ".Identity." in place and (path := _hit(masked, reads)):
            yield f"{place} reads body.{path}, which Privacy masks: all are the identity ***"


def _hit(paths: Mapping[str, _Names], reads: set[_Names]) -> str:
    """The first path that is, or contains, one that is read; or empty."""
    for path, names in paths.items():
        if any(read[: len(names)] == names for read in reads):
            return path
    return ""


def _without_positions(path: str) -> _Names:
    return tuple(step for step in path.split(".") if step != "*" and not step.isdecimal())


def _expressions(source: Source) -> Iterator[tuple[str, str]]:
    """The expressions of a source, which were compiled before, with their paths."""
    if source.split:
        yield "Split", source.split
    for index, route in enumerate(source.routes):
        if route.when:
            yield f"Routes.{index}.When", route.when
        yield from target_expressions(index, route)


def _reads(node: Node) -> Iterator[_Names]:
    """The paths below the body that an expression reads."""
    names = _path(node)
    if names is not None:
        if names[:1] == ("body",):
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
