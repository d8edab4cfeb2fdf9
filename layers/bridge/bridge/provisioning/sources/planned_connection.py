"""A connection as it will be, for the plan of a source."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from bridge.sources.connection import Connection, Flow


class PlannedConnection(NamedTuple):
    """A connection as its properties describe it.

    Attributes:
        flows: by name; what does not exist yet has empty IDs.
        schemas: those that are known, by flow, with every reference resolved.
    """

    connection: Connection
    flows: Mapping[str, Flow]
    schemas: Mapping[str, Mapping[str, Any]]

    def with_known(self, known: Mapping[str, Flow]) -> "PlannedConnection":
        """With the constraints of flows whose schema is the same.

        Args:
            known: of the source's document.
        """
        flows = {
            name: flow._replace(behavior=known[name].behavior, checks=known[name].checks)
            if name in known and known[name].schema_id == flow.schema_id
            else flow
            for name, flow in self.flows.items()
        }
        return self._replace(flows=flows)
