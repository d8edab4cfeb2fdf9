"""Compare JSON values as JSON Schema does: 1 and 1.0 are equal, 1 and true are not."""

from collections.abc import Hashable
from typing import Any


def equality_key(value: Any) -> Hashable:
    """Return a key that is equal for equal values. Raises RecursionError."""
    match value:
        case bool():
            return (bool, value)
        case dict():
            return (dict, frozenset((name, equality_key(each)) for name, each in value.items()))
        case list():
            return (list, tuple(map(equality_key, value)))
    return value  # type: ignore[no-any-return]  # JSON.
