"""Write JSON that SSM stores: without what it rejects, and compressed beyond its free tier."""

from collections.abc import Mapping
from typing import Any

# SSM stores up to 4 kB free of charge ("Parameter tiers"); maps and schemas compress to a fifth.
_PACK_ABOVE = 4_000
_PACKED = "zlib:"


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


def pack(text: str) -> str:
    """The text, compressed if it is large."""
    if len(text) <= _PACK_ABOVE:
        return text
    import base64  # noqa: PLC0415 (documents without maps do not need it)
    import zlib  # noqa: PLC0415 (documents without maps do not need it)

    return _PACKED + base64.b64encode(zlib.compress(text.encode(), 9)).decode()


def unpack(text: str) -> str:
    """The inverse of `pack`. Raises ValueError on other texts."""
    if not text.startswith(_PACKED):
        return text
    import base64  # noqa: PLC0415 (as above)
    import zlib  # noqa: PLC0415 (documents without maps do not need it)

    try:
        return zlib.decompress(base64.b64decode(text.removeprefix(_PACKED), validate=True)).decode()
    except zlib.error as exc:
        raise ValueError("not a packed text") from exc
