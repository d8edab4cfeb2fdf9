"""Documents with something odd in the place of each value."""

import copy
from collections.abc import Iterator
from typing import Any

DELETED = object()

ODD: tuple[Any, ...] = (
    DELETED,
    *(None, True, False, 0, -1, 1.5, 10**400),
    *("", " ", "\x00", "\ud800", "é", "../..", "x" * 10_000),
    *([], [None], [[]], ["a"], {}, {"a": {}}, {"": None}),
)
"""What may stand there; DELETED is nothing."""


def oddities(document: Any, values: tuple[Any, ...] = ODD) -> Iterator[tuple[str, Any]]:
    """The document with each odd value in each place, and the name of the place."""
    for path in _paths(document):
        for value in values:
            changed = copy.deepcopy(document)
            *parents, last = path
            node = changed
            for step in parents:
                node = node[step]
            if value is not DELETED:
                node[last] = copy.deepcopy(value)
            else:
                del node[last]
            yield ".".join(map(str, path)), changed


def _paths(node: Any) -> Iterator[tuple[Any, ...]]:
    steps: Any = ()
    if isinstance(node, dict):
        steps = node.items()
    elif isinstance(node, list):
        steps = enumerate(node)
    for step, child in steps:
        yield (step,)
        yield from ((step, *path) for path in _paths(child))
