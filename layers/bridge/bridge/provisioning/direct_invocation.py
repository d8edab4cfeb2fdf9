"""Serve direct invocations of the `inlet` command and of operators.

    {"action": "plan" | "apply", "connection": {"Name": "orders", "Flows": [...], ...}}
    {"action": "plan" | "apply", "source": {"Name": "shopify", ...}}
    {"action": "status" | "repair" | "destroy", "connection": "orders"}
    {"action": "status" | "repair" | "destroy", "source": "shopify"}
    {"action": "status" | "drift" | "doctor" | "tenant"}
    {"action": "schemas", "connection": "orders"}
    {"action": "schemas", "connection": "orders", "declared": {"Name": "orders", ...}}
    {"action": "plan", "source": {"Name": "shopify", ...}, "declared": {"Name": "orders", ...}}
    {"action": "validate", "connection": "orders", "flow": "orders", "message": {...}}

The properties are those of the template resources. `declared` has those of the connection that the
messages of `schemas`, or the source of `plan`, are to have; without it, the connection is as it was
applied. The response is `{"ok": true, ...}`, or
`{"ok": false, "error": one sentence, "property": its path or null}`. Resources of a stack can be
inspected, planned and repaired, but only the stack can change their properties.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from bridge.errors import BridgeError, InvalidPropertyError, VendorError
from bridge.names import require_name
from bridge.provisioning.attributes import connection_attributes, source_attributes
from bridge.provisioning.chain.plan import Done, Kept
from bridge.provisioning.connections.drift import sentences
from bridge.provisioning.connections.properties import field_warnings, parse_connection
from bridge.provisioning.ownership import DIRECT, RETAINED
from bridge.provisioning.provisioner import Provisioner
from bridge.provisioning.sources.declaration import warnings
from bridge.provisioning.sources.planned_connection import PlannedConnection
from bridge.provisioning.unknown_connection import unknown_connection
from bridge.telemetry import log_unforeseen

type _Response = dict[str, Any]

SCHEMAS: Final = "schemas"
"""The action that returns what the messages of a connection's flows must fit."""

DECLARED: Final = "declared"
"""The properties of a connection as they will be."""

TENANT: Final = "tenant"
"""The action that returns the ID of the tenant at Adobe."""

VALIDATE: Final = "validate"
"""The action that has Adobe validate one message."""

_ACTIONS = (
    "plan",
    "apply",
    "status",
    "repair",
    "destroy",
    "drift",
    "doctor",
    TENANT,
    SCHEMAS,
    VALIDATE,
)
_RESOURCES = ("connection", "source")


def invoke(request: object, provisioner: Provisioner) -> _Response:
    """Serve a request; errors and malformed requests return a response as well."""
    try:
        return {"ok": True, **_invoke(request, provisioner)}
    except BridgeError as exc:
        path = exc.path if isinstance(exc, InvalidPropertyError | VendorError) else None
        return {"ok": False, "error": str(exc), "property": path}
    except Exception as exc:  # noqa: BLE001 (the caller gets a response)
        log_unforeseen(exc)
        return {"ok": False, "error": "internal error, see the log", "property": None}


def _invoke(request: object, provisioner: Provisioner) -> _Response:
    if not isinstance(request, Mapping):
        raise InvalidPropertyError("action", "must be a property of an object")
    action = request.get("action")
    if action == VALIDATE:
        return {"verdict": provisioner.message_check.of_request(request).as_document()}
    if action not in _ACTIONS:
        raise InvalidPropertyError("action", f"must be one of {', '.join(_ACTIONS)}")
    given = [name for name in request if name not in ("action", DECLARED)]
    if DECLARED in request and not (action == "schemas" or (action, given) == ("plan", ["source"])):
        raise InvalidPropertyError(DECLARED, "is for schemas, and for plan of a source")
    for name in given:
        if name not in _RESOURCES:
            raise InvalidPropertyError(name, f"give one of {', '.join(_RESOURCES)}")
    if action in _WITHOUT_SUBJECT and not given:
        return _WITHOUT_SUBJECT[action](provisioner)
    if len(given) != 1:
        raise InvalidPropertyError("action", f"{action} needs one of {', '.join(_RESOURCES)}")
    serve = _serve_connection if given == ["connection"] else _serve_source
    declared = request.get(DECLARED)
    planned = None if declared is None else provisioner.planned_connections.of(declared)
    return serve(str(action), request[given[0]], provisioner, planned)


def _serve_connection(  # noqa: PLR0911 (one for each action)
    action: str, subject: object, provisioner: Provisioner, planned: PlannedConnection | None
) -> _Response:
    connections = provisioner.connections
    match action:
        case "plan":
            declaration = parse_connection(subject)
            owner = connections.records.read(declaration.desired.name).owner
            plan = connections.preview(declaration, owner or DIRECT)
            found = sentences(plan.problems) + field_warnings(declaration.desired)
            return {"steps": _steps(plan.steps), "warnings": found, **_of_stack(owner)}
        case "apply":
            applied = connections.apply(parse_connection(subject), DIRECT)
            attributes = connection_attributes(applied)
            return {
                "steps": _steps([*applied.steps, *applied.kept]),
                "connection": attributes,
                "warnings": applied.warnings,
            }
        case "repair":
            repaired = connections.repair(_name("connection", subject))
            unsolved = [f"not repaired: {each}" for each in sentences(repaired.problems)]
            warnings = repaired.deletion_warnings + unsolved
            return {"steps": _steps([*repaired.steps, *repaired.kept]), "warnings": warnings}
        case "doctor" | "tenant":
            raise InvalidPropertyError("action", f"{action} examines the whole stage")
        case "drift":
            name = _name("connection", subject)
            if name not in (names := connections.records.names()):
                raise InvalidPropertyError("connection", unknown_connection(name, names))
            return {"drift": {name: len(connections.drift(name))}}
        case "status":
            return {"connection": connections.status(_name("connection", subject))}
        case "schemas":
            name = _name("connection", subject)
            return provisioner.sources.preparation.schemas_of(name, planned)
        case _:
            name = _name("connection", subject)
            connections.require_unused(name)
            return {"steps": _steps(connections.removal.destroy(name, DIRECT))}


def _serve_source(
    action: str, subject: object, provisioner: Provisioner, planned: PlannedConnection | None
) -> _Response:
    sources = provisioner.sources
    match action:
        case "plan":
            owner = sources.owner_of(subject)
            source, writes = sources.plan(subject, owner or DIRECT, planned)
            return {"writes": writes, "warnings": warnings(source), **_of_stack(owner)}
        case "apply":
            source, written = sources.apply(subject, DIRECT)
            return {
                "written": written,
                "source": source_attributes(source, provisioner.webhook_url),
                "warnings": warnings(source),
            }
        case "repair":
            return {"repaired": sources.repair(_name("source", subject))}
        case "drift" | "doctor" | "tenant" | "schemas":
            raise InvalidPropertyError("action", f"{action} is for connections")
        case "status":
            return {"source": sources.status(_name("source", subject))}
        case _:
            stays = sources.remove(_name("source", subject), DIRECT)
            return {"deleted": stays is not None} | ({"warnings": stays} if stays else {})


def drift_by_connection(provisioner: Provisioner) -> dict[str, int]:
    """The number of differences of each connection and of the subscriptions of its sources.

    Raises AdobeError, UnavailableError.
    """
    connections = provisioner.connections
    found = {name: len(connections.drift(name)) for name in connections.records.names()}
    sources = provisioner.sources
    subscribed = sources.subscription_drift.by_connection(sources.documents.all().values())
    for connection, number in subscribed.items():
        found[connection] = found.get(connection, 0) + number
    return found


def _everything(provisioner: Provisioner) -> _Response:
    connections, sources = provisioner.connections, provisioner.sources
    return {
        "connections": [connections.status(name) for name in connections.records.names()],
        "sources": [sources.status(name) for name in sources.documents.all()],
    }


def _of_stack(owner: str) -> dict[str, str]:
    """The owner, if only a stack can make the planned changes."""
    return {"owner": owner} if owner not in ("", DIRECT, RETAINED) else {}


def _name(path: str, subject: object) -> str:
    try:
        return require_name(subject if isinstance(subject, str) else "")
    except ValueError as exc:
        raise InvalidPropertyError(path, str(exc)) from exc


def _steps(steps: Iterable[Done]) -> list[dict[str, str]]:
    return [
        {
            "action": "keep" if isinstance(step, Kept) else step.action,
            "kind": step.kind if isinstance(step, Kept) else step.slot.kind,
            "flow": step.flow if isinstance(step, Kept) else step.slot.flow,
            "id": step.object_id,
            "reason": step.reason,
        }
        for step in steps
    ]


_WITHOUT_SUBJECT: Final[Mapping[str, Callable[[Provisioner], _Response]]] = {
    "status": _everything,
    "drift": lambda provisioner: {"drift": drift_by_connection(provisioner)},
    "doctor": lambda provisioner: {
        "findings": [each.as_document() for each in provisioner.doctor.examine()]
    },
    TENANT: lambda provisioner: {"tenant": provisioner.tenant_id()},
}
