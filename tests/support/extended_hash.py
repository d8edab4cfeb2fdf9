"""SHA-256 that continues from a known hash: FIPS 180-4, sections 5.1.1 and 6.2."""

import struct
from collections.abc import Sequence
from math import cbrt, isqrt
from typing import Final

_WORD: Final = 2**32


def _primes(count: int) -> list[int]:
    found: list[int] = []
    number = 2
    while len(found) < count:
        if all(number % each for each in found if each <= isqrt(number)):
            found.append(number)
        number += 1
    return found


def _cube_root(number: int) -> int:
    root = round(cbrt(number))
    while root**3 > number:
        root -= 1
    while (root + 1) ** 3 <= number:
        root += 1
    return root


# The first 32 bits of the fractional parts of the cube roots of the first 64 primes.
_CONSTANTS: Final = [_cube_root(prime << 96) % _WORD for prime in _primes(64)]


def padding(length: int) -> bytes:
    """What is hashed after so many bytes."""
    return b"\x80" + b"\0" * ((55 - length) % 64) + struct.pack(">Q", length * 8)


def extended_sha256(
    known: str, secret_bytes: int, content: bytes, appended: bytes
) -> tuple[bytes, str]:
    """The longer content, and its hash with the secret before it, from the known hash."""
    longer = content + padding(secret_bytes + len(content)) + appended
    total = secret_bytes + len(longer)
    state: Sequence[int] = struct.unpack(">8I", bytes.fromhex(known))
    rest = appended + padding(total)
    for start in range(0, len(rest), 64):
        state = _compressed(state, rest[start : start + 64])
    return longer, struct.pack(">8I", *state).hex()


def _compressed(state: Sequence[int], block: bytes) -> Sequence[int]:
    words = list(struct.unpack(">16I", block))
    for at in range(16, 64):
        before, last = words[at - 15], words[at - 2]
        small = _rotated(before, 7) ^ _rotated(before, 18) ^ (before >> 3)
        large = _rotated(last, 17) ^ _rotated(last, 19) ^ (last >> 10)
        words.append((words[at - 16] + small + words[at - 7] + large) % _WORD)
    a, b, c, d, e, f, g, h = state
    for constant, word in zip(_CONSTANTS, words, strict=True):
        choice = (e & f) ^ (~e & g)
        first = h + (_rotated(e, 6) ^ _rotated(e, 11) ^ _rotated(e, 25)) + choice + constant + word
        majority = (a & b) ^ (a & c) ^ (b & c)
        second = (_rotated(a, 2) ^ _rotated(a, 13) ^ _rotated(a, 22)) + majority
        a, b, c, d, e, f, g, h = (first + second) % _WORD, a, b, c, (d + first) % _WORD, e, f, g
    return [(old + new) % _WORD for old, new in zip(state, (a, b, c, d, e, f, g, h), strict=True)]


def _rotated(word: int, places: int) -> int:
    return (word >> places | word << (32 - places)) % _WORD
