"""Store the source documents that the receiver reads, with values of the chain record."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bridge.errors import UnavailableError
from bridge.names import resource_path, resources_path
from bridge.ports.aws import Parameters
from bridge.provisioning.chain.record import ChainRecord
from bridge.sources.cache import SOURCE_LIFETIME
from bridge.sources.connection import Connection, Flow
from bridge.sources.destinations import stored_connection, stored_flow
from bridge.sources.schema_texts import schema_parameters, schemas_path
from bridge.sources.source import Source

NO_SCHEMAS: Final[Mapping[str, str]] = {}

NO_CONNECTION: Final = Connection("-", "", False, "xdm", "", "", "")
"""In the document of a source that forwards nothing. No connection can have this name."""

# For requests that started with the old document: the receiver's timeout.
_IN_FLIGHT = timedelta(seconds=20)

SOURCE_DOCUMENT_TTL: Final = (SOURCE_LIFETIME + _IN_FLIGHT).total_seconds()
"""Seconds for which a replaced document may still be in use."""


@dataclass(frozen=True, slots=True)
class Documents:
    """The source documents of one stage."""

    parameters: Parameters
    stage: str

    def all(self) -> dict[str, Source]:
        """Every source by name. Raises UnavailableError."""
        path = f"{resources_path(self.stage, 'sources')}/"
        found = self.parameters.under(path.rstrip("/"))
        texts = {name.removeprefix(path): text for name, text in found.items()}
        return {name: _source(name, text) for name, text in texts.items() if "/" not in name}

    def of_connection(self, connection: str) -> list[Source]:
        """The sources that send to a connection. Raises UnavailableError."""
        return [source for source in self.all().values() if source.connection.name == connection]

    def put(self, source: Source, schemas: Mapping[str, str] = NO_SCHEMAS) -> bool:
        """Write a document; False if it is unchanged. Raises UnavailableError.

        Args:
            source: of the document.
            schemas: texts of schemas that it refers to, by reference; written before it.
        """
        name = resource_path(self.stage, "sources", source.name)
        text = source.to_document()
        self._put_schemas(schemas.values())
        if self.parameters.get([name]).get(name) == text:
            return False
        self.parameters.put(name, text)
        # The deletion of another source meanwhile may have deleted what nothing referred to.
        self._put_schemas(schemas.values())
        return True

    def delete_unused_schemas(self) -> None:
        """Delete the texts of schemas that no document refers to. Raises UnavailableError."""
        path = schemas_path(self.stage)
        names = self.parameters.under(path)
        if not names:
            return
        used = {flow.checks for source in self.all().values() for flow in source.flows.values()}
        digests = {reference.partition("-")[0] for reference in used}
        unused = [each for each in names if each.split("/")[-2] not in digests]
        if unused:
            self.parameters.delete(unused)

    def _put_schemas(self, texts: Iterable[str]) -> None:
        path = schemas_path(self.stage)
        for text in texts:
            wanted = schema_parameters(path, text)
            there = self.parameters.get(list(wanted))
            for name, part in wanted.items():
                if there.get(name) != part:
                    self.parameters.put(name, part)

    def pause_flows(
        self, sources: Iterable[Source], flow_ids: Collection[str], until: datetime
    ) -> None:
        """Postpone messages of flows until a time. Raises UnavailableError."""
        for source in sources:
            flows = {
                name: flow._replace(ready_at=until) if flow.flow_id in flow_ids else flow
                for name, flow in source.flows.items()
            }
            self.put(source._replace(flows=flows))


def is_current(source: Source, record: ChainRecord) -> bool:
    """Whether the document of a source matches a usable record."""
    return (source.connection, source.flows) == (
        stored_connection(source.connection.name, record.values),
        flows_of(record, source.flows),
    )


def flows_of(record: ChainRecord, known: Mapping[str, Flow]) -> dict[str, Flow]:
    """The flows of a source document; the record must be usable.

    All flows of the connection: deliveries that were queued before a route changed keep their flow.

    Args:
        record: of the connection.
        known: flows with the behavior and the constraints of their schemas, which are not recorded.
    """
    return {name: _flow(record, name, known.get(name)) for name in record.flows()}


def _flow(record: ChainRecord, name: str, known: Flow | None) -> Flow:
    stored = stored_flow(name, record.values)
    if known is None or known.schema_id != stored.schema_id:
        return stored._replace(behavior="")
    return stored._replace(behavior=known.behavior, checks=known.checks)


def _source(name: str, text: str) -> Source:
    try:
        return Source.from_document(text)
    except (ValueError, KeyError, TypeError) as exc:
        raise UnavailableError(f"the document of source {name} cannot be read") from exc
