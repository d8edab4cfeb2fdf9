"""Datasets of the Catalog.

Source: the Catalog OpenAPI file, "Create a dataset using APIs". Covers only what a flow needs.
"""

import re
from typing import Any

from adobe_emulator.arrivals import Arrival
from adobe_emulator.clock import Clock
from adobe_emulator.identifiers import Identifiers
from adobe_emulator.lake import Lake
from adobe_emulator.platform_errors import bad_request
from adobe_emulator.schema_library import SchemaLibrary
from adobe_emulator.settings import Tenant

_KNOWN = {"name", "description", "schemaRef", "tags", "enableErrorDiagnostics", "fileDescription"}
_CONTENT_TYPE = re.compile(r"application/vnd\.adobe\.xed-full(-notext)?\+json; ?version=1(\.0)?")


class Datasets:
    """All datasets: those of the tenant and created ones.

    Attributes:
        expirations: scheduled with `expire`.
    """

    def __init__(
        self,
        tenant: Tenant,
        library: SchemaLibrary,
        lake: Lake,
        clock: Clock,
        identifiers: Identifiers,
    ) -> None:
        self._library = library
        self._lake = lake
        self._clock = clock
        self._identifiers = identifiers
        self._documents: dict[str, dict[str, Any]] = {
            dataset_id: {"name": f"dataset {dataset_id[-4:]}", "schemaRef": {"id": schema_id}}
            for dataset_id, schema_id in tenant.datasets.items()
        }
        self._given = tuple(self._documents)
        self.expirations: list[dict[str, Any]] = []

    @property
    def created(self) -> tuple[str, ...]:
        """The ids of the created datasets."""
        return tuple(each for each in self._documents if each not in self._given)

    def get(self, dataset_id: str) -> dict[str, Any] | None:
        """One dataset."""
        return self._documents.get(dataset_id)

    def schema_of(self, dataset_id: str) -> str | None:
        """The id of a dataset's schema, or None if the dataset does not exist."""
        document = self._documents.get(dataset_id)
        return str(document["schemaRef"]["id"]) if document else None

    def have(self, schema_id: str) -> bool:
        """Whether a dataset has this schema."""
        return any(self.schema_of(each) == schema_id for each in self._documents)

    def named(self, name: str | None) -> dict[str, dict[str, Any]]:
        """The datasets with this name, or all, by id."""
        return {
            dataset_id: document
            for dataset_id, document in self._documents.items()
            if name is None or document["name"] == name
        }

    def create(self, body: Any) -> str:
        """Store a new dataset and return its id. Raises RefusedError."""
        match body:
            case {
                "name": str(name),
                "schemaRef": {"id": str(schema_id), "contentType": str(content_type)},
            } if name and _CONTENT_TYPE.fullmatch(content_type):
                pass
            case _:
                raise bad_request("a dataset has a name and a schemaRef")
        if unknown := sorted(body.keys() - _KNOWN):
            raise bad_request(f"unknown property: {unknown[0]}")
        if not self._library.knows(schema_id):
            raise bad_request("the schema does not exist")
        profile = (body.get("tags") or {}).get("unifiedProfile")
        if profile and not self._library.is_enabled_for_profile(schema_id):
            raise bad_request("To enable profile datasets the schema should be valid")
        dataset_id = self._identifiers.dataset()
        now = self._clock.milliseconds()
        self._documents[dataset_id] = {**body, "version": "1.0.0", "created": now, "updated": now}
        return dataset_id

    def change(self, dataset_id: str, **members: Any) -> None:
        """Change members of a dataset, as its owner does in the UI. Raises KeyError."""
        self._documents[dataset_id] = {**self._documents[dataset_id], **members}

    def expire(self, dataset_id: str, status: str, expiry: str) -> None:
        """Schedule an expiration: `pending` until its time, then `executing` and `completed`."""
        self.expirations.append(
            {
                "ttlId": f"SD-{self._identifiers.uuid()}",
                "datasetId": dataset_id,
                "datasetName": self._documents[dataset_id]["name"],
                "status": status,
                "expiry": expiry,
            }
        )

    def delete(self, dataset_id: str) -> bool:
        """Delete a dataset with its data; False if it does not exist."""
        self._lake.drop(dataset_id)
        return self._documents.pop(dataset_id, None) is not None

    def ingest(self, dataset_id: str) -> None:
        """Put a batch with one record into a dataset, as another producer does."""
        now = self._clock.milliseconds()
        record = Arrival(dataset_id, now, b"{}", check=None, is_enveloped=False)
        self._lake.upload(dataset_id, [record])
