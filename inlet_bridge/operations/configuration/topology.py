"""Read what is configured: connections with their flows, sources, and what is paused."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from bridge.names import PREFLIGHT_SOURCE
from bridge.provisioning.chain.record import ChainRecord
from bridge.sources.configured import PAUSED, paused_since
from bridge.sources.source import Source
from inlet_bridge.operations.deployed import Deployed

# GetParametersByPath returns at most ten parameters at once:
# https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParametersByPath.html
_MOST_CALLS: Final = 100


@dataclass(frozen=True, slots=True)
class FlowState:
    """A flow of a connection. IDs are empty while they are not recorded.

    Attributes:
        ready_at: until then, messages wait in the buffer; None if it is not recorded.
    """

    name: str
    source_connection: str
    target_connection: str
    dataflow: str
    dataset: str
    ready_at: datetime | None


@dataclass(frozen=True, slots=True)
class ConnectionState:
    """A connection as recorded in SSM; nothing is asked of Adobe.

    Attributes:
        usable: whether sources can use it: it is complete, and no run changes it.
        paused_since: when it was paused; empty if it is not.
    """

    name: str
    sandbox: str
    base_connection: str
    inlet: str
    inlet_url: str
    usable: bool
    flows: tuple[FlowState, ...]
    paused_since: str = ""


@dataclass(frozen=True, slots=True)
class SourceState:
    """A source.

    Attributes:
        source: None if its document cannot be read.
        paused_since: when it was paused; empty if it is not.
    """

    name: str
    source: Source | None
    paused_since: str = ""

    @property
    def flows(self) -> frozenset[str]:
        """The flows to which it leads, as `CONNECTION/FLOW`."""
        if self.source is None:
            return frozenset()
        connection = self.source.connection.name
        return frozenset(f"{connection}/{flow}" for flow in self.source.destinations())

    @property
    def connections(self) -> frozenset[str]:
        """The connections to which it leads."""
        if self.source is None or not self.source.connection.name:
            return frozenset()
        return frozenset({self.source.connection.name})


@dataclass(frozen=True, slots=True)
class Topology:
    """All connections and sources of a stage, by name.

    Attributes:
        is_complete: False if there are more than were read.
    """

    connections: tuple[ConnectionState, ...]
    sources: tuple[SourceState, ...]
    is_complete: bool = True

    @property
    def source_names(self) -> tuple[str, ...]:
        """The names of the sources."""
        return tuple(each.name for each in self.sources)


def read_topology(deployed: Deployed) -> Topology:
    """Read it from SSM, in at most 200 calls.

    Raises:
        ClientError, BotoCoreError: SSM cannot be read.
    """
    connections, all_connections = _below(deployed, "connections")
    sources, all_sources = _below(deployed, "sources")
    return Topology(
        tuple(_connection(name, values) for name, values in sorted(connections.items())),
        tuple(
            _source(name, values)
            for name, values in sorted(sources.items())
            if "" in values and name != PREFLIGHT_SOURCE
        ),
        all_connections and all_sources,
    )


def _below(deployed: Deployed, branch: str) -> tuple[dict[str, dict[str, str]], bool]:
    """The values of each name below a branch, by the rest of their path, and whether all are."""
    path = f"{deployed.prefix}/{branch}"
    found: defaultdict[str, dict[str, str]] = defaultdict(dict)
    client: Any = deployed.ssm
    asked: dict[str, Any] = {"Path": path, "Recursive": True}
    for _ in range(_MOST_CALLS):
        page = client.get_parameters_by_path(**asked)
        for each in page["Parameters"]:
            name, _, rest = str(each["Name"]).removeprefix(f"{path}/").partition("/")
            found[name][rest] = str(each["Value"])
        if not (token := page.get("NextToken")):
            return found, True
        asked["NextToken"] = token
    return found, False


def _connection(name: str, values: Mapping[str, str]) -> ConnectionState:
    record = ChainRecord(values)
    return ConnectionState(
        name,
        values.get("sandbox", ""),
        values.get("base_connection_id", ""),
        values.get("inlet_id", ""),
        values.get("inlet_url", ""),
        _is_usable(record),
        tuple(_flow(each, values) for each in record.flows()),
        paused_since(values, PAUSED),
    )


def _is_usable(record: ChainRecord) -> bool:
    try:
        return record.is_usable()
    except (ValueError, KeyError, TypeError):
        return False  # The journal cannot be read.


def _flow(name: str, values: Mapping[str, str]) -> FlowState:
    def value(of: str) -> str:
        return values.get(f"flows/{name}/{of}", "")

    try:
        ready_at = datetime.fromisoformat(value("ready_at"))
    except ValueError:
        ready_at = None
    return FlowState(
        name,
        value("source_connection_id"),
        value("target_connection_id"),
        value("flow_id"),
        value("dataset_id"),
        ready_at if ready_at and ready_at.tzinfo else None,
    )


def _source(name: str, values: Mapping[str, str]) -> SourceState:
    try:
        source = Source.from_document(values[""])
    except (ValueError, KeyError, TypeError, AttributeError):
        source = None
    return SourceState(name, source, paused_since(values, PAUSED))
