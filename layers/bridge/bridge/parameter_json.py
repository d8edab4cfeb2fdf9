"""Write JSON that SSM stores."""

from collections.abc import Mapping
from typing import Any


def document_of(value: Any) -> Any:
    """The JSON document of a value: named tuples are objects, other tuples are lists."""
    if isinstance(value, tuple):
        names: tuple[str, ...] | None = getattr(value, "_fields", None)
        items = map(document_of, value)
        return list(items) if names is None else dict(zip(names, items, strict=True))
    if isinstance(value, Mapping):
        return {name: document_of(each) for name, each in value.items()}
    return value


def storable(text: str) -> str:
    """A JSON text without `{{`, with the same meaning.

    PutParameter rejects values with `{{…}}`, which look like references to other parameters
    (https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html). In JSON
    two braces are adjacent only within a string, where an escape means the same.
    """
    return text.replace("{{", "{\\u007b")
