"""Texts of SSM parameters, compressed where that saves money."""

# SSM keeps 4 kB for nothing ("Parameter tiers"); maps and schemas compress to a fifth.
_PACK_ABOVE = 4_000
_PACKED = "zlib:"


def pack(text: str) -> str:
    """The text as it goes to SSM."""
    if len(text) <= _PACK_ABOVE:
        return text
    import base64  # noqa: PLC0415 (a document without maps needs none of it)
    import zlib  # noqa: PLC0415

    return _PACKED + base64.b64encode(zlib.compress(text.encode(), 9)).decode()


def unpack(text: str) -> str:
    """The text that `pack` was given. Raises ValueError on what it did not make."""
    if not text.startswith(_PACKED):
        return text
    import base64  # noqa: PLC0415 (as above)
    import zlib  # noqa: PLC0415

    try:
        return zlib.decompress(base64.b64decode(text.removeprefix(_PACKED), validate=True)).decode()
    except zlib.error as exc:
        raise ValueError("not a packed text") from exc
