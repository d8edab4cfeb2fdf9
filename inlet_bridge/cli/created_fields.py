"""Name the custom fields that a connection creates, since Adobe keeps each for ever."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any


def created_fields(
    properties: Mapping[str, Any], steps: Iterable[Mapping[str, Any]]
) -> Iterator[str]:
    """Each field of the field groups that steps create, with its flow and its type.

    Args:
        properties: of the connection, which are valid.
        steps: of its plan.
    """
    creating = {
        each["flow"]
        for each in steps
        if (each["action"], each["kind"]) == ("create", "fieldgroups")
    }
    for flow in properties.get("Flows", ()):
        if flow["Name"] in creating:
            for path, kind in _leaves(flow["Schema"]["Fields"], ""):
                yield f"{flow['Name']}: {path}  {kind}"


def _leaves(value: Any, path: str, *, listed: bool = False) -> Iterator[tuple[str, str]]:
    match value:
        case Mapping():
            for name, each in value.items():
                yield from _leaves(each, f"{path}.{name}" if path else str(name))
        case [item]:
            yield from _leaves(item, f"{path}[]", listed=True)
        case _:
            yield path, f"list of {value}" if listed else str(value)
