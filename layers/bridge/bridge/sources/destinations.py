"""Find the flows of any connection by name, cached for a minute.

A source document has the flows of the source's own connection. Those of another one are read from
the values that the provisioner records below the connection's path.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Literal, cast

from bridge.errors import UnavailableError
from bridge.names import NAME
from bridge.ports.aws import Parameters
from bridge.ports.process import Clock
from bridge.sources.cache import SOURCE_LIFETIME
from bridge.sources.configured import RESUMED, paused_parameter
from bridge.sources.connection import Connection, Destination, Flow
from bridge.sources.ssm_reads import NO_RETRIES, SsmReads

_OF_CONNECTION: Final = (
    *("org_id", "sandbox", "source_id", "authenticated", "data_type", "inlet_url"),
)
_OF_FLOW: Final = ("flow_id", "dataset_id", "schema_id", "ready_at")
_BEHAVIOR: Final = "behavior"
# They differ while a run of the provisioner changes the connection.
_GENERATIONS: Final = ("generation", "complete")
# A name that was not found is looked up again after this time.
_MISSING_LIFETIME: Final = timedelta(seconds=10)
# Names are those of flows that exist or existed, so there are few.
_MOST_CACHED: Final = 256


@dataclass(frozen=True, slots=True)
class FoundDestination:
    """A flow of any connection.

    Attributes:
        paused: its connection is paused.
    """

    destination: Destination
    paused: bool


@dataclass(slots=True)
class DestinationDirectory:
    """Finds the flows of the connections of a stage.

    After a failed read there is none for a second, and up to 30 while SSM fails: each message of a
    batch asks.
    """

    parameters: Parameters
    stage: str
    clock: Clock
    _found: dict[str, tuple[datetime, FoundDestination | None]] = field(
        default_factory=dict, init=False
    )
    _reads: SsmReads = field(init=False)

    def __post_init__(self) -> None:
        self._reads = SsmReads(self.parameters, self.parameters, self.clock, NO_RETRIES)

    def find(self, name: str) -> FoundDestination | None:
        """The flow `{connection}/{flow}`; None if there is none.

        Raises:
            UnavailableError: SSM cannot be read, or the connection is changing.
        """
        now = self.clock()
        at, found = self._found.get(name, (now, None))
        lifetime = SOURCE_LIFETIME if found else _MISSING_LIFETIME
        if name in self._found and now - at < lifetime:
            return found
        found = self._read(name)
        if len(self._found) >= _MOST_CACHED:
            self._found.clear()
        self._found[name] = now, found
        return found

    def _read(self, name: str) -> FoundDestination | None:
        connection, _, flow = name.partition("/")
        if not (NAME.fullmatch(connection) and NAME.fullmatch(flow)):
            return None
        path = f"/inlet-bridge/{self.stage}/connections/{connection}"
        pause = paused_parameter(path)
        below = [f"flows/{flow}/{each}" for each in (*_OF_FLOW, _BEHAVIOR)]
        names = (*_OF_CONNECTION, *_GENERATIONS, *below)
        values = self._reads.refresh([*(f"{path}/{each}" for each in names), pause])
        known = {each.removeprefix(f"{path}/"): text for each, text in values.items()}
        destination = destination_of(connection, flow, known)
        if destination is None:
            return None
        if known.get("generation") != known.get("complete"):
            raise UnavailableError(f"the connection {connection} is changing")
        return FoundDestination(destination, paused=values.get(pause, RESUMED) != RESUMED)


def stored_connection(name: str, values: Mapping[str, str]) -> Connection:
    """The connection in the values below its path. Raises KeyError if it is incomplete."""
    return Connection(
        name=name,
        inlet_url=values["inlet_url"],
        authenticated=values["authenticated"] == "true",
        data_type=cast("Literal['xdm', 'raw']", values["data_type"]),
        source_id=values["source_id"],
        org_id=values["org_id"],
        sandbox=values["sandbox"],
    )


def stored_flow(name: str, values: Mapping[str, str]) -> Flow:
    """The flow in the values below its connection's path. Raises KeyError and ValueError."""
    path = f"flows/{name}"
    return Flow(
        flow_id=values[f"{path}/flow_id"],
        dataset_id=values[f"{path}/dataset_id"],
        schema_id=values[f"{path}/schema_id"],
        ready_at=datetime.fromisoformat(values[f"{path}/ready_at"]),
        behavior=cast(
            "Literal['time-series', 'record', '']", values.get(f"{path}/{_BEHAVIOR}", "")
        ),
    )


def destination_of(connection: str, flow: str, values: Mapping[str, str]) -> Destination | None:
    """The destination in the values below a connection's path; None if it is incomplete."""
    try:
        return Destination(stored_connection(connection, values), stored_flow(flow, values))
    except (KeyError, ValueError):
        return None
