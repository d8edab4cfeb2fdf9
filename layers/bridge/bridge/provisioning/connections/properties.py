"""Parse the properties of `Custom::StreamingConnection`."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any, ClassVar, Literal, cast

from pydantic import AfterValidator, Field

from bridge.errors import InvalidPropertyError
from bridge.parameter_json import storable
from bridge.provisioning.chain.custom_fields import likely_keywords
from bridge.provisioning.chain.desired import (
    SETTLING_SECONDS,
    Dataset,
    DesiredChain,
    DesiredFlow,
    FieldMapping,
    MappingSet,
)
from bridge.provisioning.chain.identifiers import CONNECTION, require_identifier
from bridge.provisioning.chain.record import PROPERTIES, ChainRecord
from bridge.provisioning.chain.schema_bodies import field_group_name
from bridge.provisioning.connections.flow_properties import FlowProperties
from bridge.provisioning.connections.other_names import OF_A_CONNECTION
from bridge.provisioning.property_parsing import (
    CLOUDFORMATION_PROPERTIES,
    Boolean,
    Name,
    Properties,
    parse,
)

# A source document contains all flows, and an SSM parameter has 8 kB at most.
_MOST_FLOWS = 20
_MOST_BYTES = 8_192


class ConnectionProperties(Properties):
    """A streaming connection with its flows.

    Attributes:
        connection_id: of an existing base connection to adopt.
        adopt: adopt the base connection that has this name at Adobe.
        settling_seconds: how long webhooks are buffered after a flow is created or changed.
    """

    ELSEWHERE: ClassVar = OF_A_CONNECTION

    name: Name
    description: str = ""
    connection_id: (
        Annotated[str, AfterValidator(partial(require_identifier, CONNECTION))] | None
    ) = None
    adopt: Boolean = False
    authenticated: Boolean = True
    data_type: Literal["xdm", "raw"] = "xdm"
    flows: Annotated[tuple[FlowProperties, ...], Field(min_length=1, max_length=_MOST_FLOWS)]
    on_delete: Literal["Delete", "Retain"] = "Delete"
    settling_seconds: Annotated[int, Field(ge=0, le=3_600)] = SETTLING_SECONDS


@dataclass(frozen=True, slots=True)
class ConnectionDeclaration:
    """The parsed properties of a connection.

    Attributes:
        desired: the chain that they describe.
        properties: the properties as written in the template.
    """

    desired: DesiredChain
    properties: Mapping[str, Any]


def parse_connection(properties: object) -> ConnectionDeclaration:
    """Parse the properties of a connection. Raises InvalidPropertyError."""
    return ConnectionDeclaration(desired_chain(properties), cast("Mapping[str, Any]", properties))


def desired_chain(properties: object) -> DesiredChain:
    """Parse the properties into a chain. Raises InvalidPropertyError."""
    parsed = parse(ConnectionProperties, properties)
    names = [flow.name for flow in parsed.flows]
    for index, name in enumerate(names):
        if name in names[:index]:
            raise InvalidPropertyError(f"Flows.{index}.Name", "is the name of another flow")
    _require_unique_names(parsed.flows)
    if parsed.adopt and parsed.connection_id:
        raise InvalidPropertyError("Adopt", "is for a connection without ConnectionId")
    return DesiredChain(
        name=parsed.name,
        authenticated=parsed.authenticated,
        data_type=parsed.data_type,
        flows=tuple(
            _flow(parsed.data_type, f"Flows.{index}", flow)
            for index, flow in enumerate(parsed.flows)
        ),
        description=parsed.description.strip(),
        connection_id=parsed.connection_id or "",
        adopt=parsed.adopt,
        settling_seconds=parsed.settling_seconds,
    )


def field_warnings(desired: DesiredChain) -> list[str]:
    """A sentence for each object of custom fields that may be meant as the type of one field."""
    return [
        f"Flows.{index}.Schema.Fields creates a field {place}.type, which Adobe keeps for ever;"
        f" if {place} itself is the field, write {place.rpartition('.')[2]}: {kind}"
        for index, flow in enumerate(desired.flows)
        for place, kind in likely_keywords(flow.schema.fields if flow.schema else {})
    ]


def properties_text(properties: Mapping[str, Any]) -> str:
    """The properties as SSM stores them. Raises InvalidPropertyError if they are too long."""
    own = {
        name: value for name, value in properties.items() if name not in CLOUDFORMATION_PROPERTIES
    }
    text = storable(json.dumps(own, sort_keys=True, separators=(",", ":"), ensure_ascii=False))
    if len(text.encode()) > _MOST_BYTES:
        raise InvalidPropertyError(
            "Flows",
            f"all properties together must not be longer than {_MOST_BYTES} bytes; "
            "create a long mapping set in Platform and set MappingSetId",
        )
    return text


def recorded_properties(record: ChainRecord) -> dict[str, Any] | None:
    """The properties that were applied last, or None."""
    text = record.values.get(PROPERTIES)
    properties: dict[str, Any] | None = json.loads(text) if text else None
    return properties


def recorded_chain(record: ChainRecord) -> DesiredChain | None:
    """The chain of the properties that were applied last. Raises InvalidPropertyError."""
    properties = recorded_properties(record)
    return desired_chain(properties) if properties else None


def _flow(data_type: str, path: str, flow: FlowProperties) -> DesiredFlow:
    dataset_id, schema_id = _destination(path, flow)
    _require_mapping(data_type, path, flow)
    return DesiredFlow(
        name=flow.name,
        dataset_id=dataset_id,
        schema_id=schema_id,
        mapping_set=_mapping_set(path, flow),
        mappings=tuple(
            FieldMapping(each.source_type, each.source, each.destination) for each in flow.mappings
        ),
        dataset=Dataset(flow.dataset.name, flow.dataset.profile) if flow.dataset else None,
        description=flow.description.strip(),
        schema=flow.design.design() if flow.design else None,
    )


def _require_unique_names(flows: tuple[FlowProperties, ...]) -> None:
    """Each created dataset and schema belongs to one flow."""
    for kind in ("Dataset", "Schema"):
        created = [flow.dataset if kind == "Dataset" else flow.design for flow in flows]
        names = [each.name if each else None for each in created]
        for index, name in enumerate(names):
            if name is not None and name in names[:index]:
                raise InvalidPropertyError(
                    f"Flows.{index}.{kind}.Name", f"is the name of another flow's {kind.lower()}"
                )
    designs = [flow.design.design() for flow in flows if flow.design]
    titles = {field_group_name(each) for each in designs if each.fields}
    for index, flow in enumerate(flows):
        if flow.design and flow.design.name in titles:
            raise InvalidPropertyError(
                f"Flows.{index}.Schema.Name",
                "is the name of the field group of another flow's custom fields",
            )


def _destination(path: str, flow: FlowProperties) -> tuple[str, str]:
    given = {"DatasetId": flow.dataset_id, "SchemaId": flow.schema_id}
    if flow.design and not flow.dataset and flow.dataset_id is None:
        raise InvalidPropertyError(f"{path}.Dataset", "is required, since Schema is given")
    creating = "Schema" if flow.design else "Dataset"
    for name, value in given.items():
        if (flow.dataset or flow.design) and value is not None:
            reason = f"is for a flow without {creating}"
            if name == "SchemaId" and flow.dataset and not flow.design:
                reason += "; write it below Dataset, as Dataset.SchemaId"
            raise InvalidPropertyError(f"{path}.{name}", reason)
        if not flow.dataset and value is None:
            raise InvalidPropertyError(
                f"{path}.{name}", "is required, unless Dataset and Schema create them"
            )
    if not flow.dataset:
        return flow.dataset_id or "", flow.schema_id or ""
    if flow.design and flow.dataset.schema_id is not None:
        raise InvalidPropertyError(f"{path}.Dataset.SchemaId", "is for a flow without Schema")
    if not flow.design and flow.dataset.schema_id is None:
        raise InvalidPropertyError(
            f"{path}.Dataset.SchemaId", "is required, unless Schema creates one"
        )
    return "", flow.dataset.schema_id or ""


def _require_mapping(data_type: str, path: str, flow: FlowProperties) -> None:
    given = {
        "Mappings": flow.mappings or None,
        "MappingSetId": flow.mapping_set_id,
        "MappingSetVersion": flow.mapping_set_version,
    }
    for name, value in given.items():
        if data_type == "xdm" and value is not None:
            raise InvalidPropertyError(f"{path}.{name}", "is only for DataType raw")
    if data_type == "raw" and not flow.mappings and flow.mapping_set_id is None:
        raise InvalidPropertyError(
            f"{path}.Mappings", "or MappingSetId is required, since DataType is raw"
        )
    if flow.mappings and (flow.mapping_set_id or flow.mapping_set_version is not None):
        raise InvalidPropertyError(f"{path}.MappingSetId", "is for a flow without Mappings")


def _mapping_set(path: str, flow: FlowProperties) -> MappingSet | None:
    if flow.mapping_set_id is None:
        return None
    if flow.mapping_set_version is None:
        raise InvalidPropertyError(
            f"{path}.MappingSetVersion", "is required, since MappingSetId is given"
        )
    return MappingSet(flow.mapping_set_id, flow.mapping_set_version)
