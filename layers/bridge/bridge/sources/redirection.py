"""Send what a source receives to another flow, also of another connection.

The name of such a flow is `{connection}/{flow}`; a name without `/` is a flow of the source's own
connection.
"""

from bridge.idempotency_keys import target_key
from bridge.sources.connection import Destination
from bridge.sources.route import DEAD_LETTER, DROP
from bridge.sources.source import Source


def is_redirected(flow: str) -> bool:
    """Whether a delivery's flow is named with its connection."""
    return "/" in flow


def event_key(key: str, flow: str) -> str:
    """The key that a delivery has without its target; its message has the `_id` of that key."""
    return key.removeprefix(target_key("", flow))


def redirected(source: Source, flow: str, destination: Destination) -> Source:
    """The source with routes that lead to one flow only.

    If the source has a target of that name, its Map and conditions apply. Otherwise those of each
    route apply, with the Map of its first target. A schema is that of the dataset, so it does not
    apply to a flow with another one.

    Args:
        source: as it is configured.
        flow: `{connection}/{flow}`.
        destination: what the name stands for.
    """
    name = flow.rpartition("/")[2]
    own = [
        (route, target)
        for route in source.routes
        for target in route.targets
        if target.flow == name
    ]
    routes = own or [(route, route.targets[0]) for route in source.routes]
    return source._replace(
        connection=destination.connection,
        flows={flow: destination.flow._replace(checks=_checks(source, destination))},
        routes=tuple(
            route._replace(targets=(target._replace(flow=flow),)) for route, target in routes
        ),
        otherwise=source.otherwise if source.otherwise in {DROP, DEAD_LETTER} else flow,
    )


def _checks(source: Source, destination: Destination) -> str:
    """The constraints of the destination's schema if the source knows them, else empty."""
    for flow in source.flows.values():
        if flow.schema_id == destination.flow.schema_id:
            return flow.checks
    return ""
