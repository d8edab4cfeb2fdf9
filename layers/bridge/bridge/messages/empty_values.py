"""What XDM does not take: nulls, empty texts and empty containers."""

from typing import Any


def without_empty_values(value: Any) -> Any:
    """The value without them, at any depth; None when nothing is left.

    Typed fields refuse null and `""` (Adobe's "Retrieve failed batches").

    Raises:
        RecursionError: it is nested too deeply.
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
