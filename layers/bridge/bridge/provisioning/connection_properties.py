"""The properties of `Custom::StreamingConnection`."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from bridge.chain.desired import DesiredChain, DesiredFlow, MappingSet
from bridge.chain.identifiers import DATASET, MAPPING_SET, SCHEMA, require_identifier
from bridge.errors import InvalidPropertyError
from bridge.provisioning.properties import Boolean, Name, Properties, parse

# A source document names them all, and a parameter in SSM has 8 kB at most.
_MOST_FLOWS = 20


class FlowProperties(Properties):
    """One entry of `Flows`; the mapping set is for raw data, which cannot do without."""

    name: Name
    dataset_id: Annotated[str, AfterValidator(lambda text: require_identifier(DATASET, text))]
    schema_id: Annotated[str, AfterValidator(lambda text: require_identifier(SCHEMA, text))]
    mapping_set_id: (
        Annotated[str, AfterValidator(lambda text: require_identifier(MAPPING_SET, text))] | None
    ) = None
    mapping_set_version: Annotated[int, Field(ge=0)] | None = None


class ConnectionProperties(Properties):
    """A streaming connection with its flows, as somebody wrote it."""

    name: Name
    authenticated: Boolean = True
    data_type: Literal["xdm", "raw"] = "xdm"
    flows: Annotated[tuple[FlowProperties, ...], Field(min_length=1, max_length=_MOST_FLOWS)]
    on_delete: Literal["Delete", "Retain"] = "Delete"


def desired_chain(properties: object) -> DesiredChain:
    """Read the properties of a connection. Raises InvalidPropertyError."""
    read = parse(ConnectionProperties, properties)
    names = [flow.name for flow in read.flows]
    for index, name in enumerate(names):
        if name in names[:index]:
            raise InvalidPropertyError(f"Flows.{index}.Name", "is the name of another flow")
    return DesiredChain(
        name=read.name,
        authenticated=read.authenticated,
        data_type=read.data_type,
        flows=tuple(
            DesiredFlow(
                flow.name,
                flow.dataset_id,
                flow.schema_id,
                _mapping_set(read.data_type, index, flow),
            )
            for index, flow in enumerate(read.flows)
        ),
    )


def _mapping_set(data_type: str, index: int, flow: FlowProperties) -> MappingSet | None:
    given = {
        f"Flows.{index}.MappingSetId": flow.mapping_set_id,
        f"Flows.{index}.MappingSetVersion": flow.mapping_set_version,
    }
    for path, value in given.items():
        if data_type == "raw" and value is None:
            raise InvalidPropertyError(path, "is required, since DataType is raw")
        if data_type == "xdm" and value is not None:
            raise InvalidPropertyError(path, "is only for DataType raw")
    if flow.mapping_set_id is None or flow.mapping_set_version is None:
        return None
    return MappingSet(flow.mapping_set_id, flow.mapping_set_version)
