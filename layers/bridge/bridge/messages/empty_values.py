"""Remove what XDM rejects: nulls, empty strings and empty containers."""

from typing import Any


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
