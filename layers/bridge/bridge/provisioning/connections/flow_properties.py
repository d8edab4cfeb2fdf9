"""Parse an entry of `Flows`."""

from functools import partial
from typing import Annotated, ClassVar

from pydantic import AfterValidator, Field

from bridge.provisioning.chain.desired import SourceType
from bridge.provisioning.chain.identifiers import (
    DATASET,
    MAPPING_SET,
    SCHEMA,
    require_identifier,
)
from bridge.provisioning.connections.other_names import OF_A_FLOW
from bridge.provisioning.connections.schema_properties import SchemaProperties
from bridge.provisioning.property_parsing import Boolean, Name, Properties

type Schema = Annotated[str, AfterValidator(partial(require_identifier, SCHEMA))]
type Text = Annotated[str, Field(min_length=1, max_length=500)]


class MappingProperties(Properties):
    """One entry of `Mappings`, in the terms of Data Prep."""

    source: Text
    destination: Text
    source_type: SourceType = "ATTRIBUTE"


class DatasetProperties(Properties):
    """A dataset that is created with the flow.

    Attributes:
        schema_id: of an existing schema; required without `Schema`.
        profile: whether it, and the schema of `Schema`, are enabled for Real-Time Customer Profile.
    """

    name: Text
    schema_id: Schema | None = None
    profile: Boolean = False


class FlowProperties(Properties):
    """One entry of `Flows`; raw data requires mappings, XDM accepts none."""

    ELSEWHERE: ClassVar = OF_A_FLOW

    name: Name
    description: str = ""
    dataset_id: Annotated[str, AfterValidator(partial(require_identifier, DATASET))] | None = None
    schema_id: Schema | None = None
    design: Annotated[SchemaProperties | None, Field(alias="Schema")] = None
    dataset: DatasetProperties | None = None
    mapping_set_id: (
        Annotated[str, AfterValidator(partial(require_identifier, MAPPING_SET))] | None
    ) = None
    mapping_set_version: Annotated[int, Field(ge=0)] | None = None
    mappings: tuple[MappingProperties, ...] = ()
