"""Say what an edit of `sources.yaml` deletes, and which sources the file does not have."""

import re
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from itertools import chain
from typing import Final

from bridge.names import Resource, read_physical_id
from inlet_bridge.local.errors import FailedStackError
from inlet_bridge.local.stack import STAGE, Stack
from inlet_bridge.operations.configuration.former_sources import after_deletion, ended_pause
from inlet_bridge.operations.records.open_counts import OpenCounts

_TYPES: Final[Mapping[Resource, str]] = {
    "sources": "Custom::WebhookSource",
    "connections": "Custom::StreamingConnection",
}
_ROUTES: Final = re.compile(r"source ([\w-]+) still routes to flow ([\w-]+)")


def names_of(stack: Stack, resource: Resource) -> set[str]:
    """The names of the sources or connections of a stack, as their physical IDs have them."""
    found = stack.physical_ids(_TYPES[resource])
    return {read_physical_id(STAGE, resource, each)[0] for each in found}


def names_by_kind(stack: Stack) -> Mapping[Resource, set[str]]:
    """The names of the sources and connections of a stack."""
    return {resource: names_of(stack, resource) for resource in _TYPES}


type _Names = Mapping[Resource, set[str]]


def what_was_deleted(
    before: _Names, after: _Names, counts: OpenCounts | None, documents: Mapping[str, str]
) -> list[str]:
    """Sentences on what a deployment has deleted.

    Args:
        before: the names before it.
        after: those after it.
        counts: of the deliveries that waited; None if they are not known.
        documents: the parameters of the sources before it.
    """
    deleted = sorted(before["sources"] - after["sources"])
    lost = ((after_deletion(counts, each), ended_pause(documents, each)) for each in deleted)
    return list(filter(None, (_deletion(before, after), *chain.from_iterable(lost))))


def _deletion(before: _Names, after: _Names) -> str:
    """What a deployment has deleted, as a sentence; empty if it has deleted nothing."""
    parts = []
    for resource, names in before.items():
        deleted = sorted(names - after[resource])
        kind = resource if len(deleted) > 1 else resource.removesuffix("s")
        parts += [f"{kind} {', '.join(deleted)}"] if deleted else []
    return f"The file has no {' and no '.join(parts)} any more: deleted." if parts else ""


@contextmanager
def naming_added_sources(stack: str, of_file: Collection[str]) -> Iterator[None]:
    """Say of sources that the reasons of a failed deployment name that the local cloud added them.

    Args:
        stack: of the file.
        of_file: the sources that the file has, or had before the edit.

    Raises:
        FailedStackError: as the deployment does, with these reasons.
    """
    try:
        yield
    except FailedStackError as exc:
        reasons = tuple(_explained(each, of_file) for each in exc.reasons)
        raise FailedStackError(stack, reasons) from exc


def _explained(reason: str, of_file: Collection[str]) -> str:
    found = _ROUTES.search(reason)
    if found is None or found[1] in of_file:
        return reason
    return (
        f"{reason}; the local cloud added {found[1]}, which routes to flow {found[2]} while it runs"
    )
