"""Detect a content that continues another one under its plain hash.

Who knows `sha256(secret + content)` can compute the hash of that content, its padding and anything
after it, without the secret. The padding is a byte 0x80, zeros, and the length in bits up to the
end of a block: FIPS 180-4, 5.1.1, https://csrc.nist.gov/pubs/fips/180-4/upd1/final
"""

from typing import Final

_BLOCK: Final = 64  # Bytes, of SHA-1 and SHA-256.
_LENGTH: Final = 8
_MARK: Final = 0x80


def is_extended(content: bytes) -> bool:
    """Whether a content, with its secret, contains the padding of its own beginning."""
    if _MARK not in content:
        return False
    return any(_is_padded(content, end) for end in range(_BLOCK, len(content) + 1, _BLOCK))


def _is_padded(content: bytes, end: int) -> bool:
    length, rest = divmod(int.from_bytes(content[end - _LENGTH : end], "big"), 8)
    if rest or not max(end - _BLOCK - _LENGTH, 0) <= length < end - _LENGTH:
        return False
    return content[length] == _MARK and not any(content[length + 1 : end - _LENGTH])
