"""Warn of an identity or an `_id` that is the same for every event."""

from collections.abc import Iterator
from typing import Final

from bridge.messages.expression_tree import Node
from bridge.messages.jmespath_numbers import ExactParser
from bridge.provisioning.sources.quoted_paths import quoted_paths
from bridge.sources.route import Route
from bridge.sources.route_expressions import target_expressions
from bridge.sources.source import Source

_READING: Final = frozenset({"current", "field"})
_IDENTITY: Final = (
    "is the same for every event, so that all of them belong to one person; write an expression of"
    " the event, such as lower(body.email)"
)
_ID: Final = (
    "is the same for every event, of which Profile keeps one; write an expression of the event,"
    " such as delivery_id, or leave _id out"
)


def constant_value_warnings(source: Source) -> Iterator[str]:
    """A sentence for each `Identity`, and each `_id` of an event, that reads no field.

    One with the path of a field in quotes has a warning of its own.
    """
    if source.connection.data_type == "raw":
        return
    for index, route in enumerate(source.routes):
        for place, expression in target_expressions(index, route):
            reason = _IDENTITY if ".Identity." in place else ""
            if place.endswith(".Map._id") and _has_events(source, route):
                reason = _ID
            if reason and _is_constant(expression) and not any(quoted_paths(expression)):
                yield f"{place} of source {source.name} {reason}"


def _has_events(source: Source, route: Route) -> bool:
    """Whether the flows of a route are of events, and not of records."""
    flows = (source.flows.get(target.flow) for target in route.targets)
    return all(flow is not None and flow.behavior == "time-series" for flow in flows)


def _is_constant(expression: str) -> bool:
    return not _reads(ExactParser().parse(expression).parsed)


def _reads(node: Node) -> bool:
    """Whether a node reads anything of an event."""
    return node["type"] in _READING or any(
        _reads(child) for child in node["children"] if isinstance(child, dict)
    )
