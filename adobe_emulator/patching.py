"""Apply JSON Patch as Flow Service does: three operations, some paths read-only.

Sources: RFC 6902 and 6901, "Update connections" and "Update dataflows using the Flow Service API",
the error catalogue. Whether the authentication of an HTTP connection can be patched is unknown;
here it cannot.
"""

from copy import deepcopy
from typing import Any

from adobe_emulator.creation import Document
from adobe_emulator.exchange import Call
from adobe_emulator.flow_errors import flow_error, invalid, stale
from adobe_emulator.resources import Kind, Resource

_OPEN = {
    Kind.CONNECTIONS: {"name", "description"},
    Kind.SOURCE_CONNECTIONS: {"name", "description", "data", "params"},
    Kind.TARGET_CONNECTIONS: {"name", "description", "data", "params"},
    Kind.FLOWS: {"name", "description", "transformations", "scheduleParams"},
}


def require_current(call: Call, resource: Resource) -> None:
    """Reject a change whose If-Match is not the current etag. Raises RefusedError."""
    version = call.headers.get("if-match")
    if version is None:
        raise flow_error("1403-400", "Header If-Match is missing")
    if version != resource.etag:
        raise stale(version, resource.id)


def patched(resource: Resource, operations: Any) -> Document:
    """A copy of the document after all operations. Raises RefusedError."""
    if not isinstance(operations, list) or not operations:
        raise invalid("a patch is a list of operations")
    document = deepcopy(resource.document)
    for operation in operations:
        match operation:
            case {"op": "add" | "replace" as name, "path": str(path), "value": value}:
                _apply(document, name, _open_path(resource, path), value)
            case {"op": "remove", "path": str(path)}:
                _apply(document, "remove", _open_path(resource, path), None)
            case {"op": "add" | "replace" | "remove"}:
                raise invalid("an operation needs op, path and value")
            case _:
                raise flow_error("1434-400", "op must be one of add, replace and remove")
    return document


def _open_path(resource: Resource, path: str) -> list[str]:
    first, *rest = path.split("/")
    tokens = [token.replace("~1", "/").replace("~0", "~") for token in rest]
    if first or not tokens or not all(tokens):
        raise invalid("path must begin with a slash and name something")
    if tokens[0] in {"connectionSpec", "flowSpec"}:
        raise flow_error("1414-400", "the spec cannot be changed")
    if resource.kind is Kind.CONNECTIONS and tokens[0] == "auth":
        raise flow_error("1300-400", "this connector does not support patching")
    if tokens[0] not in _OPEN[resource.kind]:
        raise invalid(f"{path} cannot be changed")
    return tokens


def _apply(document: Document, name: str, path: list[str], value: Any) -> None:
    parent: Any = document
    for token in path[:-1]:
        parent = _child(parent, token)
    last = path[-1]
    if name != "add":
        _child(parent, last)  # Only an existing member can be replaced or removed.
    match parent:
        case dict() if name == "remove":
            del parent[last]
        case dict():
            parent[last] = value
        case list() if name == "remove":
            del parent[int(last)]
        case list() if name == "replace":
            parent[int(last)] = value
        case list() if last == "-" or (last.isdecimal() and int(last) <= len(parent)):
            parent.insert(len(parent) if last == "-" else int(last), value)
        case _:
            raise invalid(f"no place at {last}")


def _child(parent: Any, token: str) -> Any:
    match parent:
        case dict() if token in parent:
            return parent[token]
        case list() if token.isdecimal() and int(token) < len(parent):
            return parent[int(token)]
    raise invalid(f"nothing at {token}")
