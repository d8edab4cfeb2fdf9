"""A source: one configured sender, as the provisioner writes it and the receiver reads it.

The document holds everything that a webhook of this source needs, so that one read of SSM
serves it: who may send, where its webhooks go, and the ids of the chain.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Literal

from bridge.sources.scheme_document import scheme_from_document
from bridge.sources.schemes import Scheme

DOCUMENT_VERSION = 1


@dataclass(frozen=True, slots=True)
class Flow:
    """One dataflow below the connection.

    Attributes:
        flow_id: travels in `x-adobe-flow-id`.
        schema_id: `$id` of the XDM schema, a URI.
        ready_at: before this instant the inlet loses what it accepts.
    """

    flow_id: str
    dataset_id: str
    schema_id: str
    ready_at: datetime


@dataclass(frozen=True, slots=True)
class Connection:
    """The base connection with its inlet, and whose it is.

    Attributes:
        source_id: the name under which the inlet files what it takes (`header.source.name`).
        org_id: the IMS organisation, ending in `@AdobeOrg`.
    """

    name: str
    inlet_url: str
    authenticated: bool
    data_type: Literal["xdm", "raw"]
    source_id: str
    org_id: str
    sandbox: str


@dataclass(frozen=True, slots=True)
class Route:
    """Which flow a webhook takes."""

    flow: str


@dataclass(frozen=True, slots=True)
class Source:
    """One configured sender.

    Attributes:
        delivery_id, event_type: recipes such as `header:x-github-delivery`, first hit wins.
        secrets: names of SSM parameters, newest first; never values.
        delivery: `inline` tries the inlet before it answers, `queued` buffers at once.
    """

    name: str
    provider: str
    scheme: Scheme
    delivery_id: tuple[str, ...]
    event_type: tuple[str, ...]
    secrets: tuple[str, ...]
    delivery: Literal["inline", "queued"]
    routes: tuple[Route, ...]
    connection: Connection
    flows: Mapping[str, Flow]

    def to_document(self) -> str:
        """The text that goes to SSM; `from_document` reads it back to an equal source."""
        return json.dumps(
            {"version": DOCUMENT_VERSION, **asdict(self)},
            default=datetime.isoformat,
            separators=(",", ":"),
        )

    @classmethod
    def from_document(cls, text: str) -> "Source":
        """Read what `to_document` wrote.

        Raises:
            ValueError: the text is no source document of this version.
        """
        document: dict[str, Any] = json.loads(text)
        if document.pop("version") != DOCUMENT_VERSION:
            raise ValueError(f"not a source document of version {DOCUMENT_VERSION}")
        return cls(
            name=document["name"],
            provider=document["provider"],
            scheme=scheme_from_document(document["scheme"]),
            delivery_id=tuple(document["delivery_id"]),
            event_type=tuple(document["event_type"]),
            secrets=tuple(document["secrets"]),
            delivery=document["delivery"],
            routes=tuple(Route(**route) for route in document["routes"]),
            connection=Connection(**document["connection"]),
            flows={name: _flow(flow) for name, flow in document["flows"].items()},
        )


def _flow(document: Mapping[str, Any]) -> Flow:
    return Flow(**{**document, "ready_at": datetime.fromisoformat(document["ready_at"])})
