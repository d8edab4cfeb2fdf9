"""Compress large SSM parameters so that they fit the free tier."""

# SSM stores up to 4 kB free of charge ("Parameter tiers"); maps and schemas compress to a fifth.
_PACK_ABOVE = 4_000
_PACKED = "zlib:"


def pack(text: str) -> str:
    """The text, compressed if it is large."""
    if len(text) <= _PACK_ABOVE:
        return text
    import base64  # noqa: PLC0415 (documents without maps do not need it)
    import zlib  # noqa: PLC0415

    return _PACKED + base64.b64encode(zlib.compress(text.encode(), 9)).decode()


def unpack(text: str) -> str:
    """The inverse of `pack`. Raises ValueError on other texts."""
    if not text.startswith(_PACKED):
        return text
    import base64  # noqa: PLC0415 (as above)
    import zlib  # noqa: PLC0415

    try:
        return zlib.decompress(base64.b64decode(text.removeprefix(_PACKED), validate=True)).decode()
    except zlib.error as exc:
        raise ValueError("not a packed text") from exc
