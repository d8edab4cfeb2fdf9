"""Generate ids in the formats of the real service, reproducible by seed."""

from random import Random
from uuid import UUID

_BASE_32 = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's, of https://github.com/ulid/spec."""


class Identifiers:
    """Generates unique ids."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)  # noqa: S311 - reproducible on purpose, not a secret
        self._count = 0

    def uuid(self) -> str:
        """The id of an object in Flow Service."""
        return str(UUID(int=self._random.getrandbits(128), version=4))

    def etag(self) -> str:
        """The version of an object, with the double quotes that are part of its value."""
        first, last = self._random.getrandbits(32), self._random.getrandbits(32)
        return f'"{first:08x}-0000-0200-0000-{last:08x}0000"'

    def inlet(self) -> str:
        """64 hexadecimal digits."""
        return f"{self._random.getrandbits(256):064x}"

    def dataset(self) -> str:
        """24 hexadecimal digits."""
        return f"{self._random.getrandbits(96):024x}"

    def schema(self) -> str:
        """The last part of the `$id` of a schema or field group: 48 hexadecimal digits."""
        return f"{self._random.getrandbits(192):048x}"

    def descriptor(self) -> str:
        """The id of a descriptor: 40 hexadecimal digits."""
        return f"{self._random.getrandbits(160):040x}"

    def mapping_set(self) -> str:
        """32 hexadecimal digits."""
        return f"{self._random.getrandbits(128):032x}"

    def batch(self, milliseconds: int) -> str:
        """The id of a batch in the form `01E8043CY305K2MTV5ANH9G1GC`: a ULID of this time."""
        number = (milliseconds << 80) | self._random.getrandbits(80)
        return "".join(_BASE_32[number >> shift & 31] for shift in range(125, -1, -5))

    def token(self) -> str:
        """An opaque access token that looks like Adobe's."""
        return f"eyJ{self._random.getrandbits(512):0128x}"

    def transaction(self, milliseconds: int) -> str:
        """The id of a message or batch in the form `1584479347507:2153:240`."""
        self._count += 1
        return f"{milliseconds}:{self._random.randrange(1000, 10000)}:{self._count}"
