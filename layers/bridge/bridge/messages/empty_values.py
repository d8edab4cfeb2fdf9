"""Remove what XDM rejects: nulls, empty strings and empty containers."""

from collections.abc import Iterable
from typing import Any


def has_empty_values(document: dict[str, Any]) -> bool:
    """Whether an object has empty values at any depth. Raises RecursionError as below."""
    return _has_empty(document.values())


def _has_empty(values: Iterable[Any]) -> bool:
    # Every message is searched; comparing types is several times as fast as a match statement.
    for each in values:
        kind = type(each)
        if kind is str:
            if not each:
                return True
        elif kind is dict:
            if not each or _has_empty(each.values()):
                return True
        elif kind is list:
            if not each or _has_empty(each):
                return True
        elif each is None:
            return True
    return False


def without_empty_values(value: Any) -> Any:
    """Remove empty values at any depth; None if nothing remains.

    Typed fields reject null and `""` (Adobe's "Retrieve failed batches").

    Raises:
        RecursionError: the value is nested too deeply.
    """
    match value:
        case dict():
            kept = {
                name: left
                for name, each in value.items()
                if (left := without_empty_values(each)) is not None
            }
            return kept or None
        case list():
            return [
                left for each in value if (left := without_empty_values(each)) is not None
            ] or None
        case "":
            return None
        case _:
            return value
