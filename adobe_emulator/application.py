"""The web application: the routes of all services."""

from collections.abc import Callable, Iterator
from urllib.parse import unquote

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response as HttpResponse
from starlette.routing import Route

from adobe_emulator import (
    catalog,
    control,
    data_access,
    data_hygiene,
    data_prep,
    descriptors,
    flow_service,
    identity_service,
    inlet,
    lake_control,
    sandboxes,
    schema_registry,
)
from adobe_emulator.emulator import Adobe
from adobe_emulator.exchange import Call, RefusedError, Response
from adobe_emulator.fault_injection import FaultInjection, RequestIds
from adobe_emulator.gateway import Handler, behind_gateway
from adobe_emulator.resources import Kind

_FLOW_SERVICE = "/data/foundation/flowservice"
_REGISTRY = "/data/foundation/schemaregistry"
_CATALOG = "/data/foundation/catalog"
_EXPORT = "/data/foundation/export"
_EXPIRATIONS = "/data/core/hygiene/ttl"
_NAMESPACES = "/data/core/idnamespace/identities"
_SANDBOXES = "/data/foundation/sandbox-management"
_MAPPING_SETS = "/data/foundation/conversion/mappingSets"

_SHOWS_RESULTS = (
    *(f"{_CATALOG}/batches", f"{_EXPORT}/batches"),
    *("/_emulator/lake", "/_emulator/ledger", "/_emulator/state"),
)
"""Paths of endpoints that show results of the validation."""

_CONTROL: tuple[tuple[str, str, Handler], ...] = (
    ("GET", "state", control.state),
    ("GET", "ledger", control.ledger),
    ("GET", "faults", control.list_faults),
    ("POST", "faults", control.add_fault),
    ("DELETE", "faults", control.clear_faults),
    ("POST", "poisons", control.add_poison),
    ("POST", "clock", control.advance_clock),
    ("POST", "revoke", control.revoke_tokens),
    ("POST", "reset", control.reset),
    ("GET", "lake", lake_control.counts),
    ("POST", "lake/records", lake_control.add_records),
    ("POST", "lake/failures", lake_control.add_failure),
    ("DELETE", "lake/failures", lake_control.clear_failures),
    ("POST", "lake/delays", lake_control.delay),
    ("POST", "datasets", lake_control.change_dataset),
    ("POST", "schemas", lake_control.change_schema),
)


def build(adobe: Adobe) -> Starlette:
    """The application that serves one emulated Adobe."""
    routes = [
        _route(adobe, "POST", "/ims/token/v3", lambda adobe, call: adobe.ims.token(call)),
        *_platform(adobe),
        _route(adobe, "POST", "/collection/{inlet}", inlet.collect),
        _route(adobe, "POST", "/collection/batch/{inlet}", inlet.collect_batch),
        *(_route(adobe, method, f"/_emulator/{name}", h) for method, name, h in _CONTROL),
    ]
    app = Starlette(
        routes=routes,
        middleware=[Middleware(RequestIds), Middleware(FaultInjection, plan=adobe.faults)],
    )
    app.router.redirect_slashes = False
    return app


def _registry(guarded: Callable[..., Route]) -> Iterator[Route]:
    yield guarded("GET", f"{_REGISTRY}/stats", schema_registry.read_stats)
    for kind in ("schemas", "fieldgroups"):
        path = f"{_REGISTRY}/tenant/{kind}"
        yield guarded("POST", path, schema_registry.create, kind=kind)
        yield guarded("GET", path, schema_registry.list_all, kind=kind)
        yield guarded("GET", f"{path}/{{id:path}}", schema_registry.read, kind=kind)
        yield guarded("PATCH", f"{path}/{{id:path}}", schema_registry.patch, kind=kind)
        yield guarded("DELETE", f"{path}/{{id:path}}", schema_registry.delete, kind=kind)
    for kind in ("classes", "fieldgroups"):
        path = f"{_REGISTRY}/global/{kind}/{{id:path}}"
        yield guarded("GET", path, schema_registry.read_component, kind=kind)
    path = f"{_REGISTRY}/tenant/descriptors"
    yield guarded("POST", path, descriptors.create)
    yield guarded("GET", path, descriptors.list_all)
    yield guarded("PUT", f"{path}/{{id}}", descriptors.replace)
    yield guarded("DELETE", f"{path}/{{id}}", descriptors.delete)


def _platform(adobe: Adobe) -> Iterator[Route]:
    def guarded(method: str, path: str, handler: Handler, **fixed: str) -> Route:
        return _route(adobe, method, path, behind_gateway(handler), **fixed)

    for kind in Kind:
        path = f"{_FLOW_SERVICE}/{kind}"
        yield guarded("POST", path, flow_service.create, kind=kind)
        yield guarded("GET", path, flow_service.list_all, kind=kind)
        yield guarded("GET", f"{path}/{{id}}", flow_service.read, kind=kind)
        yield guarded("PATCH", f"{path}/{{id}}", flow_service.patch, kind=kind)
        yield guarded("DELETE", f"{path}/{{id}}", flow_service.delete, kind=kind)
    yield guarded("POST", f"{_FLOW_SERVICE}/flows/{{id}}/action", flow_service.act)
    for specs in ("connectionSpecs", "flowSpecs"):
        path = f"{_FLOW_SERVICE}/{specs}"
        yield guarded("GET", path, flow_service.list_specs, specs=specs)
        yield guarded("GET", f"{path}/{{id}}", flow_service.read_spec, specs=specs)
    yield guarded("POST", _MAPPING_SETS, data_prep.create_mapping_set)
    yield guarded("GET", _MAPPING_SETS, data_prep.list_mapping_sets)
    yield guarded("POST", f"{_MAPPING_SETS}/validate", data_prep.validate_mapping_set)
    yield guarded("GET", f"{_MAPPING_SETS}/{{id}}", data_prep.read_mapping_set)
    yield guarded("POST", f"{_CATALOG}/dataSets", catalog.create_dataset)
    yield guarded("GET", f"{_CATALOG}/dataSets", catalog.list_datasets)
    yield guarded("GET", f"{_CATALOG}/dataSets/{{id}}", catalog.read_dataset)
    yield guarded("DELETE", f"{_CATALOG}/dataSets/{{id}}", catalog.delete_dataset)
    yield guarded("GET", f"{_CATALOG}/batches", catalog.list_batches)
    yield guarded("GET", f"{_CATALOG}/batches/{{id}}", catalog.read_batch)
    yield guarded("GET", f"{_EXPORT}/batches/{{id}}/failed", data_access.list_failed)
    yield guarded("GET", f"{_EXPORT}/batches/{{id}}/meta", data_access.read_meta)
    yield guarded("GET", _EXPIRATIONS, data_hygiene.list_expirations)
    yield from _registry(guarded)
    yield guarded("GET", _NAMESPACES, identity_service.list_namespaces)
    available = behind_gateway(sandboxes.list_available, needs_sandbox=False)
    yield _route(adobe, "GET", f"{_SANDBOXES}/", available)
    yield guarded("GET", f"{_SANDBOXES}/sandboxes/{{name}}", sandboxes.read_sandbox)


def _route(adobe: Adobe, method: str, path: str, handler: Handler, **fixed: str) -> Route:
    async def endpoint(request: Request) -> HttpResponse:
        if path.startswith(_SHOWS_RESULTS):
            # Without the lock and beside the event loop, so that the inlet responds meanwhile.
            await run_in_threadpool(adobe.ledger.validate)
        call = Call(
            method=request.method,
            parameters={**request.path_params, **fixed},
            query=_query(request.scope["query_string"]),
            headers=dict(request.headers),
            body=await request.body(),
            fault=request.scope.get("fault"),
        )
        with adobe.lock:
            adobe.user_agents.add((path, call.headers.get("user-agent", "")))
            response = _answered(adobe, call, handler)
        return HttpResponse(response.body, response.status, dict(response.headers))

    return Route(path, endpoint, methods=[method])


def _answered(adobe: Adobe, call: Call, handler: Handler) -> Response:
    try:
        return handler(adobe, call)
    except RefusedError as exc:
        return exc.response


def _query(query: bytes) -> tuple[tuple[str, str], ...]:
    """Names and values; a `+` stays one, since Flow Service sorts by `+name` and `-name`."""
    pairs = (part.partition("=") for part in query.decode("ascii").split("&") if part)
    return tuple((unquote(name), unquote(value)) for name, _, value in pairs)
