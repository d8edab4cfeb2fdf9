"""`GET /batches` of the Catalog: filters, order, pages and selected properties.

Source: the Catalog OpenAPI file. Guesses: filters that are not used by a client of the bridge are
an error, as are unknown parameters; without `orderBy` the newest comes first.
"""

from typing import Any

from adobe_emulator.batches import Batch
from adobe_emulator.exchange import Call
from adobe_emulator.platform_errors import bad_request
from adobe_emulator.query_parameters import allow_parameters, number
from adobe_emulator.settings import Tenant

MOST_BATCHES = 100
"""In one response."""

_DIRECTIONS = {"asc": False, "desc": True}
_FILTERS = ("dataSet", "status", "batch", "createdAfter", "createdBefore")
_ORDERED_BY = ("created", "updated", "completed", "status", "id")


def listed(
    call: Call, batches: list[Batch], tenant: Tenant, page_size: int
) -> dict[str, dict[str, Any]]:
    """One page of batches, by id in the order of the page. Raises RefusedError."""
    allow_parameters(call, *_FILTERS, "orderBy", "limit", "start", "properties")
    limit = number(call, "limit", page_size, least=1, most=MOST_BATCHES)
    start = number(call, "start", 0)
    documents = [each.document(tenant) for each in _ordered(call, _filtered(call, batches))]
    names = call.first("properties")
    return {
        document["id"]: _selected(document, names) for document in documents[start : start + limit]
    }


def _filtered(call: Call, batches: list[Batch]) -> list[Batch]:
    after = number(call, "createdAfter", -1)
    before = number(call, "createdBefore", 0)
    status, batch_id = call.first("status"), call.first("batch")
    return [
        each
        for each in batches
        if each.created_ms > after
        and (not before or each.created_ms < before)
        and status in (None, each.status)
        and batch_id in (None, each.id)
    ]


def _ordered(call: Call, batches: list[Batch]) -> list[Batch]:
    direction, _, names = (call.first("orderBy") or "desc:created").partition(":")
    if direction not in _DIRECTIONS or not names:
        raise bad_request("orderBy is asc: or desc: with names, such as asc:created")
    keys = names.split(",")
    for key in keys:
        if key not in _ORDERED_BY:
            raise bad_request(f"cannot order by {key}")
    return sorted(
        batches,
        key=lambda batch: (*(_sort_key(batch, key) for key in keys), batch.id),
        reverse=_DIRECTIONS[direction],
    )


def _sort_key(batch: Batch, name: str) -> Any:
    return getattr(batch, name if name in ("id", "status") else f"{name}_ms")


def _selected(document: dict[str, Any], names: str | None) -> dict[str, Any]:
    """The properties with these names; those that it does not have are left out."""
    wanted = names.split(",") if names is not None else list(document)
    return {name: document[name] for name in wanted if name in document}
