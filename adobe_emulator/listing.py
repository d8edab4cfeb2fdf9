"""Filters, order and pages of Flow Service lists.

Source: "Sorting and filtering responses in the Flow Service API". Guesses: a page
needs the filters of the first one; the largest limit; the code for an invalid filter.
"""

import operator
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Error
from collections.abc import Callable, Iterator
from hashlib import sha256
from typing import Any

from adobe_emulator.creation import Document
from adobe_emulator.exchange import Call
from adobe_emulator.flow_errors import flow_error, invalid

_MAX_LIMIT = 100

_EXPRESSION = re.compile(r"(?P<path>[A-Za-z_][\w.\[\]]*)(?P<operator>==|>=|<=|<|>)(?P<value>.*)")
_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
}


def page(call: Call, path: str, items: list[Document], page_size: int) -> Document:
    """The response to a list request over all items of a kind. Raises RefusedError."""
    for expression in call.all("property"):
        items = [item for item in items if _matches(item, expression)]
    wants_count = (call.first("count") or "false").lower() == "true"
    if wants_count and call.first("limit") is not None:
        raise flow_error("1401-400", "limit and count cannot be given together")
    if wants_count:
        return {"count": len(items)}
    items = _ordered(items, call.first("orderby"))
    start = _start(call, items)
    limit = _limit(call, page_size)
    shown = items[start : start + limit]
    links: Document = {}
    if start + limit < len(items):
        token = _token(call, shown[-1]["id"])
        links["next"] = {"href": f"{path}?continuationToken={token}"}
    return {"items": shown, "_links": links}


def _matches(item: Document, expression: str) -> bool:
    match = _EXPRESSION.fullmatch(expression)
    if match is None:
        raise flow_error("1443-400", "property must be path, operator and value")
    path, comparison, wanted = match["path"], match["operator"], match["value"]
    found = [_text(value) for value in _values(item, path.split("."))]
    if comparison == "==":
        is_id = re.search(r"ids?(\[\])?$", path, re.IGNORECASE) is not None
        return not set(found).isdisjoint(wanted.split(",") if is_id else [wanted])
    if not wanted.isdecimal():
        raise flow_error("1448-400", f"{comparison} needs a number")
    compare = _COMPARISONS[comparison]
    return any(text.isdecimal() and compare(int(text), int(wanted)) for text in found)


def _values(value: Any, path: list[str]) -> Iterator[Any]:
    if not path:
        yield value
        return
    name, is_array = path[0].removesuffix("[]"), path[0].endswith("[]")
    child = value.get(name) if isinstance(value, dict) else None
    if isinstance(child, list) and not is_array:
        raise flow_error("1443-400", f"{name} is an array, which is written {name}[]")
    if is_array:
        for element in child if isinstance(child, list) else []:
            yield from _values(element, path[1:])
    elif child is not None:
        yield from _values(child, path[1:])


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _ordered(items: list[Document], orderby: str | None) -> list[Document]:
    if orderby is None:
        return items
    name = orderby.removeprefix("+").removeprefix("-")
    if not all(isinstance(item.get(name), str | int) for item in items):
        raise invalid(f"cannot order by {name}")
    return sorted(items, key=lambda item: item[name], reverse=orderby.startswith("-"))


def _limit(call: Call, page_size: int) -> int:
    limit = call.first("limit")
    if limit is None:
        return page_size
    if not limit.isdecimal() or not 1 <= int(limit) <= _MAX_LIMIT:
        raise invalid(f"limit must be a number from 1 to {_MAX_LIMIT}")
    return int(limit)


def _digest(call: Call) -> str:
    query = sorted((k, v) for k, v in call.query if k in {"property", "orderby"})
    return sha256(repr(query).encode()).hexdigest()[:11]


def _token(call: Call, last_id: str) -> str:
    """47 bytes, so that base64 ends in an equals sign: some clients cut the token there."""
    return urlsafe_b64encode(f"{_digest(call)}{last_id}".encode()).decode()


def _start(call: Call, items: list[Document]) -> int:
    token = call.first("continuationToken")
    if token is None:
        return 0
    try:
        text = urlsafe_b64decode(token.encode()).decode()
    except (Base64Error, ValueError) as exc:
        raise invalid("continuationToken is not valid") from exc
    digest = _digest(call)
    positions = {item["id"]: index for index, item in enumerate(items)}
    last_id = text.removeprefix(digest)
    if not text.startswith(digest) or last_id not in positions:
        raise invalid("continuationToken does not belong to this list")
    return positions[last_id] + 1
