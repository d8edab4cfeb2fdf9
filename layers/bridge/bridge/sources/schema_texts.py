"""Where the constraints of XDM schemas are stored in SSM, and how they are read.

The text of a schema is immutable: its name is a hash of it. Sources of the same schema share it.
"""

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Final

from bridge.errors import UnavailableError
from bridge.parameter_json import pack, unpack
from bridge.ports.process import Clock
from bridge.sources.ssm_reads import SsmReads

MOST_PARTS: Final = 20
"""Parameters of one schema. Adobe's ExperienceEvent with all public field groups, 2,851 fields,
needs 4."""

# Of 4,096 bytes, up to which a parameter is free of charge ("Parameter tiers").
_PART_CHARACTERS: Final = 4_000
_DIGITS: Final = 32
# A schema that is missing is not asked for at every message.
_MISSING_INTERVAL: Final = timedelta(seconds=30)
_LONG_AGO: Final = datetime.min.replace(tzinfo=UTC)


def reference_of(text: str) -> str:
    """The reference of a schema: a hash of its text, and the number of its parts.

    Args:
        text: its constraints as JSON, in ASCII.
    """
    return f"{_digest(text)}-{len(parts_of(text))}"


def schema_parameters(path: str, text: str) -> dict[str, str]:
    """The values of a schema by the names of their parameters.

    Args:
        path: `/inlet-bridge/{stage}/schemas`.
        text: as in `reference_of`.
    """
    return dict(zip(_names(path, reference_of(text)), parts_of(text), strict=True))


def schemas_path(stage: str) -> str:
    """The path of all schemas of a stage."""
    return f"/inlet-bridge/{stage}/schemas"


class SchemaTexts:
    """Reads schemas that are too large for a source document, once per execution environment.

    Args:
        reads: of SSM; a failed read is not repeated at once.
        path: `/inlet-bridge/{stage}/schemas`.
        clock: the time.
    """

    def __init__(self, reads: SsmReads, path: str, clock: Clock) -> None:
        self._reads = reads
        self._path = path
        self._clock = clock
        self._texts: dict[str, str] = {}
        self._missing_until: dict[str, datetime] = {}

    def read(self, reference: str) -> str:
        """The constraints of a reference, as JSON. Raises UnavailableError."""
        if (known := self._texts.get(reference)) is not None:
            return known
        if self._clock() >= self._missing_until.get(reference, _LONG_AGO):
            names = _names(self._path, reference)
            if text := _text(reference, names, self._reads.refresh(names)):
                self._texts[reference] = text
                return text
            self._missing_until[reference] = self._clock() + _MISSING_INTERVAL
        raise UnavailableError(f"the schema {reference} is not in SSM; deploy the source again")


def parts_of(text: str) -> list[str]:
    """The values of the parameters that hold a text."""
    packed = pack(text)
    return [packed[at : at + _PART_CHARACTERS] for at in range(0, len(packed), _PART_CHARACTERS)]


def _names(path: str, reference: str) -> list[str]:
    digest, _, count = reference.partition("-")
    if not (count.isdecimal() and int(count) <= MOST_PARTS):
        raise UnavailableError("a source names a schema in an unknown form; deploy it again")
    return [f"{path}/{digest}/{number}" for number in range(int(count))]


def _text(reference: str, names: list[str], found: Mapping[str, str]) -> str:
    """Join the parts; empty if one is missing or damaged."""
    if not all(name in found for name in names):
        return ""
    try:
        text = unpack("".join(found[name] for name in names))
    except ValueError:
        return ""
    return text if reference.startswith(_digest(text)) else ""


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:_DIGITS]
