"""Choose the connection and the flow of a source."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bridge.names import NAME
from bridge.spelling import nearest
from inlet_bridge.template_editing.document import CONNECTION, Resource, SourcesFile
from inlet_bridge.template_editing.new_source import scalar
from inlet_bridge.template_reading.errors import ResourceError

_EVENTS: Final = "events"
_OPTION: Final = "--flow CONNECTION/FLOW"


@dataclass(frozen=True, slots=True)
class Destination:
    """Where the messages of a source go.

    Attributes:
        reference: YAML of the connection's name.
        flows: those of the connection, as far as the file has them.
        is_raw: whether the connection takes bodies as they are.
    """

    reference: str
    flow: str
    flows: tuple[str, ...]
    is_raw: bool = False

    def of_recipe(self, flows: Iterable[str]) -> Mapping[str, str]:
        """Flows of the connection by those of a recipe; some may be missing."""
        known = {name: name for name in flows if name in self.flows}
        if self.flow in known:
            return known
        main = _EVENTS if _EVENTS in flows else next(iter(flows))
        return {**known, main: self.flow}


def destination(
    file: SourcesFile, wanted: str, deployed: Callable[[], Sequence[str]] = tuple
) -> Destination:
    """The destination that an operator named as CONNECTION/FLOW, or the only one.

    A connection that the file does not have must be deployed. If nothing is known of deployed
    ones, it is taken as it is named unless it is like one of the file.

    Args:
        file: with the connections.
        wanted: CONNECTION/FLOW; empty for the only one.
        deployed: the names of connections that are deployed; none if that is not known.

    Raises:
        ResourceError: says what can be named.
    """
    connections = file.of_type(CONNECTION)
    if not wanted:
        if len(connections) != 1:
            names = ", ".join(_title(file, each) for each in connections)
            there = f"several connections ({names})" if connections else "no connection"
            raise ResourceError(f"{file.path} has {there}; name one with {_OPTION}")
        return _of(file, connections[0], "")
    name, slash, flow = wanted.partition("/")
    if not (slash and NAME.fullmatch(flow)):
        way_out = _with_slash(
            wanted, {_title(file, each): file.flows(each) for each in connections}
        )
        raise ResourceError(f"{wanted} names no flow; it must be CONNECTION/FLOW{way_out}")
    for connection in connections:
        if name in (connection.logical_id, file.value(connection.property("Name"))):
            return _of(file, connection, flow)
    if not NAME.fullmatch(name):
        raise ResourceError(f"{file.path} has no connection {name}; name one with {_OPTION}")
    _require(name, [_title(file, each) for each in connections], deployed())
    return Destination(scalar(name), flow, (flow,))


def _with_slash(wanted: str, flows: Mapping[str, Sequence[str]]) -> str:
    """The flow that is meant with a dot, or without its connection; else an example, or nothing.

    Args:
        wanted: without a slash.
        flows: by connections.
    """
    name, dot, flow = wanted.partition(".")
    if dot and name in flows and NAME.fullmatch(flow):
        return f"; is it {name}/{flow}?"
    for connection, names in flows.items():
        if wanted in names:
            return f"; is it {connection}/{wanted}?"
    return next((f", such as {each}/{(*flows[each], _EVENTS)[0]}" for each in flows), "")


def _require(name: str, declared: Sequence[str], deployed: Sequence[str]) -> None:
    """Raise ResourceError for a connection that does not exist, as far as that is known."""
    if name in deployed:
        return
    known = sorted({*declared, *deployed})
    close = nearest(name, known)
    if not (close or deployed):
        return
    meant = f"is it {close}?" if close else f"there is {', '.join(known)}"
    raise ResourceError(
        f"--flow: there is no connection {name}; {meant}",
        hint="A connection of another file must be deployed before a source can name it.",
    )


def _of(file: SourcesFile, connection: Resource, wanted: str) -> Destination:
    flows = file.flows(connection)
    title = _title(file, connection)
    if wanted and flows and wanted not in flows:
        raise ResourceError(f"connection {title} has no flow {wanted}; it has {', '.join(flows)}")
    flow = wanted or (_EVENTS if _EVENTS in flows or not flows else flows[0])
    if not wanted and len(flows) > 1 and flow != _EVENTS:
        raise ResourceError(
            f"connection {title} has several flows ({', '.join(flows)}); name one with {_OPTION}"
        )
    is_raw = file.value(connection.property("DataType")) == "raw"
    return Destination(f"!GetAtt {connection.logical_id}.Name", flow, flows, is_raw)


def _title(file: SourcesFile, connection: Resource) -> str:
    return file.value(connection.property("Name")) or connection.logical_id
