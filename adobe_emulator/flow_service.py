"""The endpoints of Flow Service under `/data/foundation/flowservice`."""

from collections.abc import Callable
from typing import Any

from adobe_emulator.creation import (
    Document,
    check_connection,
    check_source,
    check_target,
    require_name,
)
from adobe_emulator.dataflows import check_flow, flow_read_back
from adobe_emulator.emulator import Adobe
from adobe_emulator.exchange import Call, Response, json_answer
from adobe_emulator.flow_errors import flow_error, invalid, not_found
from adobe_emulator.listing import page
from adobe_emulator.patching import patched, require_current
from adobe_emulator.resources import Kind, Resource
from adobe_emulator.specs import CONNECTION_SPECS, FLOW_SPECS

_AUTHOR = "techacct@techacct.adobe.com"

_CHECKS: dict[Kind, Callable[[Adobe, Document], Document]] = {
    Kind.CONNECTIONS: check_connection,
    Kind.SOURCE_CONNECTIONS: check_source,
    Kind.TARGET_CONNECTIONS: check_target,
    Kind.FLOWS: check_flow,
}


def create(adobe: Adobe, call: Call) -> Response:
    """`POST /{kind}`: 201 with id, etag and Location."""
    kind = Kind(call.parameters["kind"])
    body = call.json() if call.body else None
    if not isinstance(body, dict):
        raise flow_error("1405-400", "the request body cannot be null or empty")
    document = _CHECKS[kind](adobe, body)
    now = adobe.clock.milliseconds()
    resource = Resource(
        kind, adobe.identifiers.uuid(), adobe.identifiers.etag(), now, now, document
    )
    adobe.resources.add(resource)
    return json_answer(201, _stamp(resource), {"location": f"/{kind}/{resource.id}"})


def read(adobe: Adobe, call: Call) -> Response:
    """`GET /{kind}/{id}`: always wrapped in items."""
    return json_answer(200, {"items": [_item(adobe, _find(adobe, call))]})


def list_all(adobe: Adobe, call: Call) -> Response:
    """`GET /{kind}`."""
    kind = Kind(call.parameters["kind"])
    items = [_item(adobe, resource) for resource in adobe.resources.all(kind)]
    return json_answer(200, page(call, f"/{kind}", items, adobe.behavior.page_size))


def patch(adobe: Adobe, call: Call) -> Response:
    """`PATCH /{kind}/{id}` with If-Match; a flow settles again."""
    resource = _find(adobe, call)
    require_current(call, resource)
    document = patched(resource, call.json() if call.body else None)
    if resource.kind is Kind.CONNECTIONS:  # The other members, such as the inlet, cannot change.
        require_name(document)
    else:
        _CHECKS[resource.kind](adobe, document)
    resource.document = document
    return _changed(adobe, resource)


def act(adobe: Adobe, call: Call) -> Response:
    """`POST /flows/{id}/action?op=enable|disable`; settling after enabling is a guess."""
    resource = adobe.resources.get(Kind.FLOWS, call.parameters["id"])
    if resource is None:
        raise not_found(call.parameters["id"])
    operation = call.first("op")
    if operation not in {"enable", "disable"}:
        raise invalid("op must be enable or disable")
    resource.enabled = operation == "enable"
    return _changed(adobe, resource)


def delete(adobe: Adobe, call: Call) -> Response:
    """`DELETE /{kind}/{id}`: 204; rejected while another object refers to it."""
    resource = _find(adobe, call)
    if resource.kind is Kind.CONNECTIONS:
        sources = adobe.resources.all(Kind.SOURCE_CONNECTIONS)
        if any(source.document["baseConnectionId"] == resource.id for source in sources):
            raise flow_error("1418-400", "the connection is still used by a flow")
    elif any(resource.id in _ends(flow) for flow in adobe.resources.all(Kind.FLOWS)):
        raise flow_error("1447-400", f"there are active flows containing id {resource.id}")
    adobe.resources.remove(resource)
    return Response(204)


def list_specs(adobe: Adobe, call: Call) -> Response:  # noqa: ARG001 - the signature of handlers
    """`GET /connectionSpecs` and `/flowSpecs`."""
    return json_answer(200, {"items": list(_specs(call).values()), "_links": {}})


def read_spec(adobe: Adobe, call: Call) -> Response:  # noqa: ARG001 - the signature of handlers
    """`GET /connectionSpecs/{id}` and `/flowSpecs/{id}`."""
    spec = _specs(call).get(call.parameters["id"])
    if spec is None:
        raise not_found(call.parameters["id"])
    return json_answer(200, {"items": [spec]})


def _specs(call: Call) -> dict[str, dict[str, Any]]:
    return CONNECTION_SPECS if call.parameters["specs"] == "connectionSpecs" else FLOW_SPECS


def _find(adobe: Adobe, call: Call) -> Resource:
    resource_id = call.parameters["id"]
    resource = adobe.resources.get(Kind(call.parameters["kind"]), resource_id)
    if resource is None:
        raise not_found(resource_id)
    return resource


def _ends(flow: Resource) -> list[str]:
    return [*flow.document["sourceConnectionIds"], *flow.document["targetConnectionIds"]]


def _changed(adobe: Adobe, resource: Resource) -> Response:
    resource.etag = adobe.identifiers.etag()
    resource.updated_ms = adobe.clock.milliseconds()
    return json_answer(200, _stamp(resource))


def _stamp(resource: Resource) -> Document:
    return {"id": resource.id, "etag": resource.etag}


def _item(adobe: Adobe, resource: Resource) -> Document:
    client = adobe.tenant.client_id
    item = {
        "id": resource.id,
        "createdAt": resource.created_ms,
        "updatedAt": resource.updated_ms,
        "createdBy": _AUTHOR,
        "updatedBy": _AUTHOR,
        "createdClient": client,
        "updatedClient": client,
        "sandboxId": adobe.sandbox_id,
        "sandboxName": adobe.tenant.sandbox,
        "imsOrgId": adobe.tenant.org_id,
        **resource.document,
        "state": "enabled" if resource.enabled else "disabled",
        "version": resource.etag,
        "etag": resource.etag,
    }
    if resource.kind is Kind.FLOWS:
        item |= flow_read_back(adobe, resource)
    return item
