"""A connection, its flows, and a flow as the destination of messages."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal, NamedTuple


class Flow(NamedTuple):
    """One dataflow below the connection.

    Attributes:
        flow_id: value of the header `x-adobe-flow-id`.
        schema_id: `$id` of the XDM schema, a URI.
        ready_at: the inlet loses messages that it accepts before this time.
        behavior: of the schema's class: `time-series` requires `_id` and `timestamp` in each
            message, `record` does not; empty if unknown.
        checks: reference of the schema's constraints, see `bridge.sources.schema_texts`; empty if
            the schema could not be read, so that messages are not checked.
    """

    flow_id: str
    dataset_id: str
    schema_id: str
    ready_at: datetime
    behavior: Literal["time-series", "record", ""] = ""
    checks: str = ""

    def __hash__(self) -> int:
        """Of the id only, as for a connection."""
        return hash(self.flow_id)


class Connection(NamedTuple):
    """The base connection with its inlet, organization and sandbox.

    Attributes:
        source_id: the source name in messages to the inlet (`header.source.name`).
        org_id: the IMS organization, ending in `@AdobeOrg`.
    """

    name: str
    inlet_url: str
    authenticated: bool
    data_type: Literal["xdm", "raw"]
    source_id: str
    org_id: str
    sandbox: str

    def __hash__(self) -> int:
        """Of the name only: the forwarder looks up each message's envelope by its connection."""
        return hash(self.name)


class Destination(NamedTuple):
    """A flow of a connection."""

    connection: Connection
    flow: Flow

    def __hash__(self) -> int:
        """Of the flow only: the forwarder groups each message by its destination."""
        return hash(self.flow.flow_id)


def flow_from_document(document: Mapping[str, Any]) -> Flow:
    """Read a flow of a source document. Raises KeyError, TypeError and ValueError on others."""
    return Flow(**{**document, "ready_at": datetime.fromisoformat(document["ready_at"])})
