"""The configured sources and their secrets, read from parameters and kept for a minute."""

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bridge.errors import UnavailableError, UnknownSourceError
from bridge.ports import Clock, Parameters
from bridge.source import Source

# How long a changed source, a rotated secret or a replaced flow may go unnoticed.
SOURCE_LIFETIME = timedelta(seconds=60)
# How long a name that does not exist is not asked for again, and how many such names are kept:
# strangers may try any, and each would cost a call.
UNKNOWN_LIFETIME = timedelta(seconds=10)
_MOST_UNKNOWN = 1_000

# The names that the provisioner takes.
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")


@dataclass(frozen=True, slots=True)
class ConfiguredSource:
    """A source and the values of its secrets, newest first.

    Attributes:
        paused: it, or its connection: whatever comes waits in the buffer.
    """

    source: Source
    secrets: tuple[str, ...] = field(repr=False)
    paused: bool = False


class SourceDirectory:
    """Finds sources by name."""

    def __init__(self, parameters: Parameters, stage: str, clock: Clock) -> None:
        self._parameters = parameters
        self._path = f"/inlet-bridge/{stage}"
        self._clock = clock
        self._found: dict[str, tuple[datetime, ConfiguredSource]] = {}
        self._unknown: dict[str, datetime] = {}

    def find(self, name: str) -> ConfiguredSource:
        """The source of this name with its secrets.

        Raises:
            UnknownSourceError: there is none.
            UnavailableError: its document or a secret cannot be read.
        """
        now = self._clock()
        kept = self._found.get(name)
        if kept and now < kept[0]:
            return kept[1]
        if not _NAME.fullmatch(name) or now < self._unknown.get(name, now):
            raise UnknownSourceError("no such source")
        configured = self._read(name, now)
        self._found[name] = (now + SOURCE_LIFETIME, configured)
        return configured

    def _read(self, name: str, now: datetime) -> ConfiguredSource:
        path = f"{self._path}/sources/{name}"
        found = self._parameters.get([path, paused_parameter(path)])
        document = found.get(path)
        if document is None:
            self._found.pop(name, None)
            if len(self._unknown) >= _MOST_UNKNOWN:
                self._unknown.clear()
            self._unknown[name] = now + UNKNOWN_LIFETIME
            raise UnknownSourceError("no such source")
        try:
            source = Source.from_document(document)
        except (ValueError, KeyError, TypeError, AttributeError) as exc:
            raise UnavailableError(
                f"the document of source {name} cannot be read: {type(exc).__name__}"
            ) from exc
        pause = paused_parameter(f"{self._path}/connections/{source.connection.name}")
        values = self._parameters.get([*source.secrets, pause])
        missing = [reference for reference in source.secrets if not values.get(reference)]
        if missing:
            raise UnavailableError(f"source {name} has no secret at {', '.join(missing)}")
        return ConfiguredSource(
            source,
            tuple(values[reference] for reference in source.secrets),
            paused=pause in values or paused_parameter(path) in found,
        )


def paused_parameter(path: str) -> str:
    """The parameter that pauses a source or a connection for as long as it exists.

    Args:
        path: `/inlet-bridge/{stage}/sources/{name}` or `/inlet-bridge/{stage}/connections/{name}`.
    """
    return f"{path}/paused"
