"""The desired state of a chain."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from typing import Any, Final, Literal

from bridge.names import Slot

type SourceType = Literal["ATTRIBUTE", "EXPRESSION", "STATIC"]

SETTLING_SECONDS: Final = 300
"""By default; Adobe loses what a new or changed flow gets before."""


@dataclass(frozen=True, slots=True)
class MappingSet:
    """One version of an existing Data Prep mapping set."""

    mapping_set_id: str
    version: int


@dataclass(frozen=True, slots=True)
class FieldMapping:
    """The source of one field of a message."""

    source_type: SourceType
    source: str
    destination: str


@dataclass(frozen=True, slots=True)
class Dataset:
    """A dataset that is created with the flow.

    Attributes:
        profile: whether it is enabled for Real-Time Customer Profile.
    """

    name: str
    profile: bool


@dataclass(frozen=True, slots=True)
class Identity:
    """A field of a schema that identifies a person.

    Attributes:
        path: of the field in a message, such as `personalEmail.address`.
        namespace: its code.
        primary: whether it is the schema's primary identity.
    """

    path: str
    namespace: str
    primary: bool


@dataclass(frozen=True, slots=True)
class SchemaDesign:
    """A schema that is created with the flow.

    Attributes:
        name: its title.
        class_id: `$id` of its class.
        field_groups: `$id` of each field group that exists.
        fields: custom fields, for which a field group is created.
    """

    name: str
    class_id: str
    field_groups: tuple[str, ...] = ()
    fields: Mapping[str, Any] = field(default_factory=dict)
    identities: tuple[Identity, ...] = ()


@dataclass(frozen=True, slots=True)
class DesiredFlow:
    """A dataflow into one dataset.

    Attributes:
        dataset_id: of an existing dataset; empty if `dataset` is created.
        schema_id: `$id` of an existing schema; empty if `schema` is created.
        mapping_set, mappings: raw data needs one of them, XDM neither.
    """

    name: str
    dataset_id: str
    schema_id: str
    mapping_set: MappingSet | None = None
    mappings: tuple[FieldMapping, ...] = ()
    dataset: Dataset | None = None
    description: str = ""
    schema: SchemaDesign | None = None

    def slots(self) -> tuple[Slot, ...]:
        """The objects that must exist for this flow, in the order of creation."""
        group = (Slot("fieldgroups", self.name),) if self.schema and self.schema.fields else ()
        schema = (Slot("schemas", self.name),) if self.schema else ()
        dataset = (Slot("dataSets", self.name),) if self.dataset else ()
        mappings = (Slot("mappingSets", self.name),) if self.mappings else ()
        source, target = Slot("sourceConnections", self.name), Slot("targetConnections", self.name)
        return (*group, *schema, *dataset, source, target, *mappings, Slot("flows", self.name))


@dataclass(frozen=True, slots=True)
class DesiredChain:
    """A base connection with its flows.

    Attributes:
        connection_id: of an existing base connection to adopt, or empty.
        adopt: adopt the base connection at Adobe that has this name.
        settling_seconds: how long a new or changed flow receives no messages.
    """

    name: str
    authenticated: bool
    data_type: Literal["xdm", "raw"]
    flows: tuple[DesiredFlow, ...]
    description: str = ""
    connection_id: str = ""
    adopt: bool = False
    settling_seconds: int = SETTLING_SECONDS

    @property
    def settling(self) -> timedelta:
        """How long a new or changed flow receives no messages."""
        return timedelta(seconds=self.settling_seconds)

    @property
    def adopts(self) -> bool:
        """Whether the base connection is adopted; its owner may delete it."""
        return bool(self.connection_id) or self.adopt

    @property
    def base(self) -> str:
        """The properties of the base connection that cannot be changed in place."""
        if self.adopts:
            return self.connection_id or "adopted"
        return f"{self.data_type}-{'authenticated' if self.authenticated else 'open'}"

    @property
    def generation(self) -> str:
        """The properties that cannot be changed in place; another value replaces the chain.

        The base connection, and each flow's dataset and schema.
        """
        targets = sorted(
            (
                flow.name,
                flow.dataset_id,
                flow.schema_id,
                asdict(flow.dataset) if flow.dataset else None,
                *((flow.schema.class_id,) if flow.schema else ()),
            )
            for flow in self.flows
        )
        digest = hashlib.sha256(json.dumps(targets).encode()).hexdigest()
        return f"{self.base}.{digest[:10]}"

    def flow(self, name: str) -> DesiredFlow:
        """The flow of this name. Raises KeyError."""
        return {flow.name: flow for flow in self.flows}[name]

    def slots(self) -> tuple[Slot, ...]:
        """The objects that must exist, in the order of creation."""
        return (Slot("connections"), *(slot for flow in self.flows for slot in flow.slots()))
