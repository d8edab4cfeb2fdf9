"""Decide whether the inlet passes on, acknowledges and loses, or rejects a message.

Sources: "Send multiple messages in a single HTTP request" (envelope), "Create an HTTP API
streaming connection" (flow id, raw), "Retrieving failed batches" (source name), the streaming
ingestion OpenAPI file. A field that one of them requires is required.
"""

import re
from dataclasses import dataclass, replace
from typing import Any

from adobe_emulator.emulator import Adobe
from adobe_emulator.entity_check import EntityCheck
from adobe_emulator.resources import Kind, Resource

_CONTENT_TYPE = re.compile(
    r"application/vnd\.adobe\.xed-full(-notext)?\+json; ?version=1(\.0)?",
)
_MANDATORY = "The '{0}' field is mandatory. Provide a valid '{0}' value and try again."
_RETIRED = {"msgType", "msgId", "xdmSchema"}
_ANYTHING: dict[str, Any] = {}
_UNKNOWN_FORMAT = "Message has unknown xdm format"


@dataclass(frozen=True, slots=True)
class Accepted:
    """The inlet acknowledges the message.

    Attributes:
        lost: why the acknowledged message does not reach the data lake.
        fault: why its validation fails there, whatever its entity is.
        check: the later validation of its entity; None for raw messages.
        is_enveloped: it has `header` and `body`.
    """

    flow_id: str
    lost: str | None = None
    fault: str = ""
    check: EntityCheck | None = None
    is_enveloped: bool = False


class UnfitMessageError(Exception):
    """The inlet rejects a message; the text goes into the response."""


class Inspector:
    """Checks the messages of one request to one inlet.

    Args:
        connection: the connection of the inlet.
        flow_id: the flow that the request names in its header or query.
        in_batch: every message of a batch needs its envelope.
    """

    def __init__(
        self, adobe: Adobe, connection: Resource, flow_id: str | None, *, in_batch: bool
    ) -> None:
        self._adobe = adobe
        self._connection = connection
        self._flow_id = flow_id
        params = connection.document["auth"]["params"]
        self._is_xdm = params["dataType"] == "xdm"
        self._takes_bare = not in_batch and (not self._is_xdm or adobe.behavior.accept_bare_xdm)
        self._prefix = f"inletId: [{params['inletId']}] imsOrgId: [{adobe.tenant.org_id}]"

    def inspect(self, message: Any) -> Accepted:
        """Check one message. Raises UnfitMessageError."""
        if not isinstance(message, dict):
            raise self._unfit(_UNKNOWN_FORMAT)
        match message:
            # A raw webhook may have members of these names among others.
            case {"header": dict(header), "body": dict(body), **rest} if (
                not rest or not self._takes_bare
            ):
                return self._enveloped(header, body)
        if self._takes_bare:
            accepted = self._through(self._flow_id)
            schema_id = self._schema_of(self.dataset_of(accepted.flow_id))
            return replace(accepted, check=self._check(schema_id))
        absent = "body" if isinstance(message.get("header"), dict) else "header"
        raise UnfitMessageError(_MANDATORY.format(absent))

    def _enveloped(self, header: dict[str, Any], body: dict[str, Any]) -> Accepted:
        if header.keys() & _RETIRED or (self._is_xdm and not _is_xdm(header, body)):
            raise self._unfit(_UNKNOWN_FORMAT)
        if header.get("imsOrgId") != self._adobe.tenant.org_id:
            raise self._unfit("Message has an absent or wrong ims org in the header")
        if self._flow_id not in (None, header.get("flowId")):
            raise self._unfit("Message names another flow than the request")
        accepted = self._through(header.get("flowId"))
        dataset_id = self.dataset_of(accepted.flow_id)
        if header.get("datasetId") != dataset_id:
            raise self._unfit("Message names another dataset than the flow")
        if self._is_xdm and header["schemaRef"]["id"] != self._schema_of(dataset_id):
            raise self._unfit(_UNKNOWN_FORMAT)
        match header.get("source"):
            case None | {"name": str()}:
                fault = ""
            case _:
                fault = "Payload header is missing Source Name"
        schema_id = header["schemaRef"]["id"] if self._is_xdm else None
        return replace(accepted, fault=fault, check=self._check(schema_id), is_enveloped=True)

    def _check(self, schema_id: str | None) -> EntityCheck | None:
        """The later validation of an entity, by the schema as it is now."""
        if not self._is_xdm:
            return None
        schema = self._adobe.schemas.get(schema_id or "", _ANYTHING)
        whole = self._adobe.mandatory_fields.added(schema_id or "", schema)
        return self._adobe.lake.check_for(whole)

    def _through(self, flow_id: Any) -> Accepted:
        """The result for a valid message to this flow."""
        flow = self._adobe.resources.get(Kind.FLOWS, flow_id) if isinstance(flow_id, str) else None
        if flow is None:
            raise self._unfit("Message has an absent or unknown flow id")
        source = self._adobe.resources.source_of(flow)
        if self._adobe.resources.connection_of(source) is not self._connection:
            raise self._unfit("Message names a flow of another inlet")
        if not flow.enabled:
            return Accepted(flow.id, "the flow is disabled")
        if self._adobe.datasets.get(self.dataset_of(flow.id)) is None:
            return Accepted(flow.id, "the dataset does not exist")
        if self._adobe.is_settling(flow.updated_ms):
            return Accepted(flow.id, "the flow is settling")
        return Accepted(flow.id)

    def dataset_of(self, flow_id: str) -> str:
        """The dataset that a flow writes to."""
        flow = self._adobe.resources.document(Kind.FLOWS, flow_id)
        target_id = flow["targetConnectionIds"][0]
        target = self._adobe.resources.document(Kind.TARGET_CONNECTIONS, target_id)
        dataset_id: str = target["params"]["dataSetId"]
        return dataset_id

    def _schema_of(self, dataset_id: str) -> str | None:
        return self._adobe.datasets.schema_of(dataset_id)

    def _unfit(self, message: str) -> UnfitMessageError:
        return UnfitMessageError(f"{self._prefix} {message}")


def _is_xdm(header: dict[str, Any], body: dict[str, Any]) -> bool:
    """Whether header and body name the same schema, and the entity exists."""
    match header.get("schemaRef"), body:
        case (
            {"id": str(), "contentType": str(content_type)} as header_reference,
            {"xdmMeta": {"schemaRef": body_reference}, "xdmEntity": dict()},
        ):
            is_known = _CONTENT_TYPE.fullmatch(content_type) is not None
            return is_known and header_reference == body_reference
    return False
