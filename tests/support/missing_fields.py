"""Bodies that lack a field."""

import json
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import parse_qsl, urlencode


def without_each_field(body: bytes, routes: str) -> Iterator[tuple[str, bytes]]:
    """The path of each field that routes may read, and a body without it."""
    try:
        document = json.loads(body)
    except ValueError:
        fields = parse_qsl(body.decode(), keep_blank_values=True)
        for index, (name, _) in enumerate(fields):
            if name in routes:
                yield name, urlencode([*fields[:index], *fields[index + 1 :]]).encode()
        return
    for path in _paths(document):
        if path[-1] in routes:
            yield ".".join(path), json.dumps(_without(document, path)).encode()


def _paths(node: Any) -> Iterator[tuple[str, ...]]:
    items: Iterable[tuple[str, Any]] = ()
    if isinstance(node, dict):
        yield from ((name,) for name in node)
        items = node.items()
    elif isinstance(node, list):
        items = ((str(at), each) for at, each in enumerate(node))
    for name, each in items:
        yield from ((name, *path) for path in _paths(each))


def _without(node: Any, path: tuple[str, ...]) -> Any:
    first, *rest = path
    if isinstance(node, list):
        return [
            _without(each, tuple(rest)) if str(at) == first else each
            for at, each in enumerate(node)
        ]
    if not rest:
        return {name: each for name, each in node.items() if name != first}
    return {**node, first: _without(node[first], tuple(rest))}
