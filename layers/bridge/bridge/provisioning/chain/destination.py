"""Judge what a flow points to and the bridge did not create: dataset, schema and mapping set.

Adobe documents no field for a disabled dataset. `state` and `classification` are in responses of
Catalog that Adobe's tutorials show (`AdobeDocs/platform-learn.en`); only the value `ACTIVE` is
published, so the others here are not verified. `streamingIngestionEnabled` is in the setup script
of Adobe's Kafka connector (`adobe/experience-platform-streaming-connect`). Values that are missing
or not known here are no problem.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Literal

from bridge.ports.adobe import Expiration
from bridge.provisioning.chain.comparison import mapping_set_schema
from bridge.provisioning.chain.desired import DesiredFlow, MappingSet

type Kind = Literal["dataSets", "schemas", "mappingSets"]
type Item = Mapping[str, Any]
"""An object as Adobe returns it."""

_GONE_STATES: Final = frozenset(
    {"archived", "deleted", "deleting", "disabled", "expired", "inactive", "suspended"}
)
_AD_HOC: Final = "https://ns.adobe.com/xdm/data/adhoc"
_VERSION: Final = re.compile(r"version=(\d+)")
# The bridge names this version of a schema everywhere.
_SCHEMA_VERSION: Final = "1"
NOTICE: Final = timedelta(days=7)
"""How long before its expiration a dataset is reported."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem of a flow's destination.

    Attributes:
        kind, object_id: of the object.
        flow: the name of the flow.
        name: the property of the flow to correct, such as `DatasetId`.
        reason: what is wrong and the way out.
        prevents: whether Adobe rejects a new flow to it, or would lose its messages.
    """

    kind: Kind
    object_id: str
    flow: str
    name: str
    reason: str
    prevents: bool = True


def dataset_problems(flow: DesiredFlow, dataset: Item | None, sandbox: str) -> Iterator[Problem]:
    """Problems of the dataset that `DatasetId` names; None if Catalog does not have it."""

    def problem(reason: str, name: str = "DatasetId", *, prevents: bool = True) -> Problem:
        return Problem("dataSets", flow.dataset_id, flow.name, name, reason, prevents)

    if dataset is None:
        yield problem(
            f"sandbox {sandbox} has no dataset {flow.dataset_id}: it was deleted, has expired or "
            "is in another sandbox; set DatasetId to a dataset of this sandbox"
        )
        return
    yield from map(problem, _state_reasons(flow.dataset_id, dataset))
    reference = dataset.get("schemaRef")
    schema_id = reference.get("id") if isinstance(reference, Mapping) else None
    if not isinstance(schema_id, str) or not schema_id or _is_ad_hoc(dataset):
        yield problem(
            f"dataset {flow.dataset_id} has no schema of an XDM class, so nothing can be streamed "
            "to it; set DatasetId to one that has"
        )
    elif schema_id != flow.schema_id:
        yield problem(
            f"the schema of dataset {flow.dataset_id} is {schema_id}, not {flow.schema_id}; "
            "set SchemaId to it, or DatasetId to another dataset",
            "SchemaId",
        )
    elif isinstance(reference, Mapping) and (version := _other_version(reference)):
        yield problem(
            f"dataset {flow.dataset_id} has version {version} of its schema, and the flow version "
            f"{_SCHEMA_VERSION}; set DatasetId to a dataset of that version",
            prevents=False,
        )
    if str(dataset.get("streamingIngestionEnabled", "")).lower() == "false":
        yield problem(
            f"streaming ingestion is off for dataset {flow.dataset_id}; turn it on, or set "
            "DatasetId to another dataset",
            prevents=False,
        )


def created_dataset_problems(
    flow: DesiredFlow, dataset_id: str, dataset: Item
) -> Iterator[Problem]:
    """Problems of a dataset that the bridge created, beyond those that a repair solves."""
    for reason in _state_reasons(dataset_id, dataset):
        yield Problem("dataSets", dataset_id, flow.name, "Dataset", reason)


def schema_problems(flow: DesiredFlow, schema: Item | None, sandbox: str) -> Iterator[Problem]:
    """Problems of the flow's schema; None if the Schema Registry does not have it."""
    name = "Dataset.SchemaId" if flow.dataset else "SchemaId"
    if schema is None:
        yield Problem(
            "schemas",
            flow.schema_id,
            flow.name,
            name,
            f"the Schema Registry of sandbox {sandbox} has no schema {flow.schema_id}: it was "
            "deleted or is in another sandbox; set SchemaId to the $id of a schema of this sandbox",
        )
    elif _AD_HOC in _bases(schema):
        yield Problem(
            "schemas",
            flow.schema_id,
            flow.name,
            name,
            f"{flow.schema_id} is an ad hoc schema, not one of an XDM class; set SchemaId to one",
        )


def mapping_set_problems(
    flow: DesiredFlow, wanted: MappingSet, item: Item | None
) -> Iterator[Problem]:
    """Problems of the mapping set that `MappingSetId` names; None if Data Prep does not have it."""

    def problem(reason: str, name: str = "MappingSetId") -> Problem:
        return Problem("mappingSets", wanted.mapping_set_id, flow.name, name, reason)

    if item is None:
        yield problem(
            f"Data Prep has no mapping set {wanted.mapping_set_id} in this sandbox; "
            "set MappingSetId to one of this sandbox, or write Mappings"
        )
        return
    schema_id = mapping_set_schema(item)
    if schema_id and schema_id != flow.schema_id:
        yield problem(
            f"mapping set {wanted.mapping_set_id} maps to schema {schema_id}, not to the flow's "
            f"{flow.schema_id}; set MappingSetId to one for that schema"
        )
    latest = item.get("version")
    if isinstance(latest, int) and wanted.version > latest:
        yield problem(
            f"the latest version of mapping set {wanted.mapping_set_id} is {latest}, "
            f"not {wanted.version}; set MappingSetVersion to {latest} or an earlier one",
            "MappingSetVersion",
        )


def expiration_problem(
    flow: DesiredFlow, dataset_id: str, expiration: Expiration, now: datetime
) -> Problem | None:
    """The problem of a dataset that Adobe deletes now or within `NOTICE`."""
    if expiration.status == "executing":
        reason = (
            f"dataset {dataset_id} has expired, and Adobe is deleting it; "
            "set DatasetId to another dataset"
        )
    elif expiration.at <= now + NOTICE:
        reason = (
            f"dataset {dataset_id} expires at {expiration.at:%Y-%m-%d %H:%M} UTC, and Adobe then "
            "deletes it; cancel the expiration in Data Lifecycle, or set DatasetId to another "
            "dataset"
        )
    else:
        return None
    return Problem("dataSets", dataset_id, flow.name, "DatasetId", reason, prevents=False)


def _state_reasons(dataset_id: str, dataset: Item) -> Iterator[str]:
    for name in ("state", "status"):
        state = dataset.get(name)
        if isinstance(state, str) and state.lower() in _GONE_STATES:
            yield (
                f"the {name} of dataset {dataset_id} is {state}; enable it, "
                "or set DatasetId to another dataset"
            )


def _is_ad_hoc(dataset: Item) -> bool:
    classification = dataset.get("classification")
    behavior = classification.get("dataBehavior") if isinstance(classification, Mapping) else ""
    return str(behavior).lower() in ("adhoc", "ad-hoc")


def _other_version(reference: Item) -> str:
    """The major version of a schema reference, if it is another than the bridge's."""
    match = _VERSION.search(str(reference.get("contentType", "")))
    return match[1] if match and match[1] != _SCHEMA_VERSION else ""


def _bases(schema: Item) -> list[Any]:
    extends = schema.get("meta:extends")
    return [schema.get("meta:class"), *(extends if isinstance(extends, list) else ())]
