"""Apply JSON Patch (RFC 6902) as the Schema Registry does: add, replace and remove."""

from copy import deepcopy
from typing import Any

from adobe_emulator.platform_errors import bad_request

type Document = dict[str, Any]


def patched_document(document: Document, operations: Any) -> Document:
    """A copy of the document after all operations. Raises RefusedError."""
    if not isinstance(operations, list) or not operations:
        raise bad_request("a patch is a list of operations")
    changed = deepcopy(document)
    for operation in operations:
        match operation:
            case {"op": "add" | "replace" as name, "path": str(path), "value": value}:
                _apply(changed, name, _tokens(path), value)
            case {"op": "remove", "path": str(path)}:
                _apply(changed, "remove", _tokens(path), None)
            case _:
                raise bad_request("an operation has op, path and value")
    return changed


def _tokens(path: str) -> list[str]:
    first, *rest = path.split("/")
    if first or not rest:
        raise bad_request("path must begin with a slash")
    return [token.replace("~1", "/").replace("~0", "~") for token in rest]


def _apply(document: Any, name: str, tokens: list[str], value: Any) -> None:
    *parents, last = tokens
    holder = document
    for token in parents:
        holder = _child(holder, token)
    if isinstance(holder, list):
        _apply_to_list(holder, name, last, value)
    elif isinstance(holder, dict):
        if name != "add" and last not in holder:
            raise bad_request(f"there is no {'/'.join(tokens)}")
        if name == "remove":
            del holder[last]
        else:
            holder[last] = value
    else:
        raise bad_request(f"there is no {'/'.join(tokens)}")


def _apply_to_list(holder: list[Any], name: str, last: str, value: Any) -> None:
    if name == "add" and last == "-":
        holder.append(value)
        return
    if not last.isdecimal() or int(last) >= len(holder) + (name == "add"):
        raise bad_request(f"there is no item {last}")
    match name:
        case "add":
            holder.insert(int(last), value)
        case "replace":
            holder[int(last)] = value
        case _:
            del holder[int(last)]


def _child(holder: Any, token: str) -> Any:
    match holder:
        case dict() if token in holder:
            return holder[token]
        case list() if token.isdecimal() and int(token) < len(holder):
            return holder[int(token)]
    raise bad_request(f"there is no {token}")
