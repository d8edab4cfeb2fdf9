"""Adobe's services beside Flow Service, as the provisioner uses them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bridge.errors import AdobeError
from bridge.ports.adobe import Expiration
from tests.support.declarations import (
    ORDERS_DATASET,
    OTHER_DATASET,
    OTHER_SCHEMA,
    RETURNS_DATASET,
    SCHEMA,
    dataset,
)
from tests.support.numbering import Numbers

MAPPING_SET = "79a623960d3f4969835c9e00dc90c8df"


@dataclass
class FakeMappingSets:
    """Data Prep in dictionaries; a source called `nonsense` does not validate.

    Attributes:
        given: the mapping sets that the bridge did not create.
        sets: those that it created.
    """

    given: dict[str, dict[str, Any]] = field(
        default_factory=lambda: {MAPPING_SET: {"id": MAPPING_SET, "version": 9}}
    )
    sets: dict[str, dict[str, Any]] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)

    def validate(self, body: Mapping[str, Any]) -> tuple[str, ...]:
        self.calls.append("VALIDATE mappingSets")
        sources = [mapping["source"] for mapping in body["mappings"]]
        return tuple(f"{source} cannot be read" for source in sources if source == "nonsense")

    def create(self, body: Mapping[str, Any]) -> str:
        self.calls.append("POST mappingSets")
        mapping_set_id = f"{len(self.sets):032x}"
        self.sets[mapping_set_id] = {**body, "id": mapping_set_id, "version": 0}
        return mapping_set_id

    def get(self, mapping_set_id: str) -> dict[str, Any] | None:
        self.calls.append("GET mappingSets")
        return self.sets.get(mapping_set_id) or self.given.get(mapping_set_id)

    def named(self, name: str) -> list[dict[str, Any]]:
        self.calls.append("LIST mappingSets")
        return [item for item in self.sets.values() if item["name"] == name]


@dataclass
class FakeDatasets:
    """Catalog in dictionaries.

    Attributes:
        given: the datasets that the bridge did not create.
        sets: those that it created.
        full: those with data.
    """

    given: dict[str, dict[str, Any]] = field(
        default_factory=lambda: {
            ORDERS_DATASET: dataset(SCHEMA),
            RETURNS_DATASET: dataset(SCHEMA),
            OTHER_DATASET: dataset(OTHER_SCHEMA),
        }
    )
    sets: dict[str, dict[str, Any]] = field(default_factory=dict)
    full: set[str] = field(default_factory=set)
    numbers: Numbers = field(default_factory=Numbers)

    def create(self, body: Mapping[str, Any]) -> str:
        dataset_id = f"{next(self.numbers):024x}"
        self.sets[dataset_id] = {**body, "id": dataset_id}
        return dataset_id

    def get(self, dataset_id: str) -> dict[str, Any] | None:
        return self.sets.get(dataset_id) or self.given.get(dataset_id)

    def get_all(self, dataset_ids: Sequence[str]) -> dict[str, dict[str, Any]]:
        found = {**self.given, **self.sets}
        return {each: found[each] for each in dataset_ids if each in found}

    def named(self, name: str) -> list[dict[str, Any]]:
        return [item for item in self.sets.values() if item["name"] == name]

    def holds_data(self, dataset_id: str) -> bool:
        return dataset_id in self.full

    def delete(self, dataset_id: str) -> bool:
        return self.sets.pop(dataset_id, None) is not None


@dataclass
class FakeSchemas:
    """Schema Registry in a dictionary; the schemas have no fields at first.

    Attributes:
        created: those of `FakeSchemaLibrary`.
    """

    schemas: dict[str, dict[str, Any]] = field(
        default_factory=lambda: {SCHEMA: {"type": "object"}, OTHER_SCHEMA: {"type": "object"}}
    )
    down: bool = False
    created: dict[str, dict[str, Any]] = field(default_factory=dict)

    def get(self, schema_id: str) -> dict[str, Any] | None:
        if self.down:
            raise AdobeError("503", status=503, retryable=True)
        if schema_id in self.created:
            return {"type": "object", "meta:class": self.created[schema_id]["class"]}
        return self.schemas.get(schema_id)


@dataclass
class FakeNamespaces:
    """Identity Service with a few namespaces."""

    known: tuple[str, ...] = ("ECID", "Email", "Phone")
    forbidden: bool = False

    def codes(self) -> tuple[str, ...]:
        if self.forbidden:
            raise AdobeError("403: no permission", status=403, retryable=False)
        return self.known


class FakeSandboxes:
    """Sandbox management with one development sandbox."""

    def type_of(self, name: str) -> str:
        return "development" if name == "dev" else ""


@dataclass
class FakeExpirations:
    """Data Hygiene in a dictionary."""

    expirations: dict[str, Expiration] = field(default_factory=dict)

    def open(self) -> Mapping[str, Expiration]:
        return self.expirations


@dataclass(frozen=True)
class FakeTenant:
    """The organization and the sandbox of the credentials."""

    org_id: str = "0A1B2C3D4E5F60718293A4B5@AdobeOrg"
    sandbox: str = "dev"
