"""The endpoints under `/_emulator` for the data lake, its datasets and its schemas."""

import json
from collections import Counter
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, PositiveInt, TypeAdapter

from adobe_emulator.arrivals import Arrival
from adobe_emulator.control_documents import validated
from adobe_emulator.emulator import Adobe
from adobe_emulator.exchange import Call, RefusedError, Response, json_answer
from adobe_emulator.lake import PlannedFailure

_WEB_SDK = "AEP Web SDK"


class _Document(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _Records(_Document):
    """Records of another producer, as entities; `upload` makes a batch of them at once."""

    dataset: str
    records: list[dict[str, Any]]
    upload: bool = False


class _Failure(_Document):
    """A `PlannedFailure`."""

    marker: str = Field(min_length=1)
    message: str
    times: PositiveInt | None = None


class _Delay(_Document):
    """Batches of a dataset that are not complete take so much longer."""

    dataset: str
    seconds: PositiveInt


class _DeleteDataset(_Document):
    action: Literal["delete"]
    dataset: str


class _ChangeDataset(_Document):
    """Members to replace, such as `{"state": "DISABLED"}`."""

    action: Literal["change"]
    dataset: str
    members: dict[str, Any]


class _ExpireDataset(_Document):
    action: Literal["expire"]
    dataset: str
    status: Literal["pending", "executing", "completed"]
    expiry: str


class _Schema(_Document):
    """A merge patch (RFC 7396) of a schema; without one, the schema is deleted."""

    schema_id: str = Field(alias="schema")
    patch: dict[str, Any] | None = None


_DATASET: TypeAdapter[_DeleteDataset | _ChangeDataset | _ExpireDataset] = TypeAdapter(
    Annotated[_DeleteDataset | _ChangeDataset | _ExpireDataset, Field(discriminator="action")]
)


def counts(adobe: Adobe, call: Call) -> Response:  # noqa: ARG001 - the signature of handlers
    """Ingested, failed and pending records of each dataset and flow, and the batches."""
    counted = adobe.lake.counts()
    document = {
        "now": adobe.clock.milliseconds(),
        "datasets": {dataset: _of_dataset(flows) for dataset, flows in counted.items()},
        "batches": {each.id: each.document(adobe.tenant) for each in adobe.lake.batches()},
    }
    return json_answer(200, document)


def add_records(adobe: Adobe, call: Call) -> Response:
    """Add records of another producer to a dataset."""
    sent = validated(_Records.model_validate_json, call.body)
    schema_id = adobe.datasets.schema_of(sent.dataset)
    if schema_id is None:
        raise RefusedError(json_answer(404, {"errors": ["no such dataset"]}))
    arrivals = [_foreign(adobe, sent, record, schema_id) for record in sent.records]
    if sent.upload:
        adobe.lake.upload(sent.dataset, arrivals)
    else:
        for arrival in arrivals:
            adobe.lake.take(arrival)
    return counts(adobe, call)


def add_failure(adobe: Adobe, call: Call) -> Response:
    """Plan a `PlannedFailure`."""
    sent = validated(_Failure.model_validate_json, call.body)
    adobe.lake.plan(PlannedFailure(sent.marker, sent.message, sent.times))
    return counts(adobe, call)


def clear_failures(adobe: Adobe, call: Call) -> Response:
    """Remove the planned failures."""
    adobe.lake.clear()
    return counts(adobe, call)


def delay(adobe: Adobe, call: Call) -> Response:
    """Delay batches."""
    sent = validated(_Delay.model_validate_json, call.body)
    adobe.lake.delay(sent.dataset, sent.seconds * 1_000)
    return counts(adobe, call)


def change_dataset(adobe: Adobe, call: Call) -> Response:
    """Delete, change or expire a dataset, as its owner does in the UI."""
    sent = validated(_DATASET.validate_json, call.body)
    if adobe.datasets.get(sent.dataset) is None:
        raise RefusedError(json_answer(404, {"errors": ["no such dataset"]}))
    match sent:
        case _DeleteDataset():
            adobe.datasets.delete(sent.dataset)
        case _ChangeDataset():
            adobe.datasets.change(sent.dataset, **sent.members)
        case _ExpireDataset():
            adobe.datasets.expire(sent.dataset, sent.status, sent.expiry)
    return json_answer(200, adobe.datasets.named(None))


def change_schema(adobe: Adobe, call: Call) -> Response:
    """Change or delete a schema; what arrived before is validated by its former state."""
    sent = validated(_Schema.model_validate_json, call.body)
    schema = adobe.schemas.get(sent.schema_id)
    if schema is None:
        raise RefusedError(json_answer(404, {"errors": ["no such schema"]}))
    if sent.patch is None:
        del adobe.schemas[sent.schema_id]
    else:
        adobe.schemas[sent.schema_id] = _patched(schema, sent.patch)
    return json_answer(200, sorted(adobe.schemas))


def _of_dataset(flows: Mapping[str, Counter[str]]) -> dict[str, Any]:
    total = sum(flows.values(), Counter(ingested=0, failed=0, pending=0))
    names = ("ingested", "failed", "pending")
    return {
        **{name: total[name] for name in names},
        "flows": {flow: {name: each[name] for name in names} for flow, each in flows.items()},
    }


def _foreign(adobe: Adobe, sent: _Records, record: dict[str, Any], schema_id: str) -> Arrival:
    now = adobe.clock.milliseconds()
    schema = adobe.schemas.get(schema_id, {})
    check = adobe.lake.check_for(adobe.mandatory_fields.added(schema_id, schema))
    if sent.upload:
        return Arrival(sent.dataset, now, _json(record), check, is_enveloped=False)
    header = {"datasetId": sent.dataset, "imsOrgId": adobe.tenant.org_id}
    message = {"header": header, "body": {"xdmEntity": record}}
    added = {"xactionId": adobe.identifiers.transaction(now), "sourceName": _WEB_SDK}
    return Arrival(sent.dataset, now, _json(message), check, added=added)


def _json(document: Any) -> bytes:
    return json.dumps(document, ensure_ascii=False).encode()


def _patched(target: Any, patch: Any) -> Any:
    if not isinstance(patch, dict):
        return patch
    merged = dict(target) if isinstance(target, Mapping) else {}
    for name, value in patch.items():
        if value is None:
            merged.pop(name, None)
        else:
            merged[name] = _patched(merged.get(name), value)
    return merged
