"""The configured sources and their secrets, read from parameters and kept for a minute."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bridge.errors import UnavailableError, UnknownSourceError
from bridge.ports import Clock, Parameters
from bridge.source import Source

# How long a changed source, a rotated secret or a replaced flow may go unnoticed.
SOURCE_LIFETIME = timedelta(seconds=60)
# How long a name that does not exist is not asked for again, and how many are asked for in that
# time: strangers may try any, and each costs one of the 40 calls that SSM takes in a second.
UNKNOWN_LIFETIME = timedelta(seconds=10)
_MOST_UNKNOWN = 30
# How soon a source is read again because a webhook was refused: its secret may have been rotated,
# but strangers can be refused as often as they like.
RENEWAL_INTERVAL = timedelta(seconds=10)

# The names that the provisioner takes.
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")


@dataclass(frozen=True, slots=True)
class ConfiguredSource:
    """A source and the values of its secrets, newest first.

    Attributes:
        paused: it, or its connection: whatever comes waits in the buffer.
        handshake_secrets: what a handshake has to show.
    """

    source: Source
    secrets: tuple[str, ...] = field(repr=False)
    handshake_secrets: tuple[str, ...] = field(default=(), repr=False)
    path_tokens: tuple[str, ...] = field(default=(), repr=False)
    paused: bool = False


class SourceDirectory:
    """Finds sources by name.

    Args:
        with_secrets: whether the values of their secrets are read as well; whoever verifies
            nothing needs none, and its role allows none.
    """

    def __init__(
        self, parameters: Parameters, stage: str, clock: Clock, *, with_secrets: bool = True
    ) -> None:
        self._parameters = parameters
        self._with_secrets = with_secrets
        self._path = f"/inlet-bridge/{stage}"
        self._clock = clock
        self._found: dict[str, tuple[datetime, ConfiguredSource]] = {}
        self._unknown: dict[str, datetime] = {}
        self._renewed: dict[str, datetime] = {}

    def find(self, name: str) -> ConfiguredSource:
        """The source of this name with its secrets.

        Raises:
            UnknownSourceError: there is none.
            UnavailableError: its document or a secret cannot be read, or too many names that are
                none were asked for.
        """
        now = self._clock()
        kept = self._found.get(name)
        if kept and now < kept[0]:
            return kept[1]
        if not _NAME.fullmatch(name) or now < self._unknown.get(name, now):
            raise UnknownSourceError("no such source")
        if kept is None:
            self._unknown = {each: until for each, until in self._unknown.items() if now < until}
            if len(self._unknown) >= _MOST_UNKNOWN:
                raise UnavailableError("too many names that are no source's were asked for")
        configured = self._read(name, now)
        self._found[name] = (now + SOURCE_LIFETIME, configured)
        return configured

    def renew(self, name: str) -> ConfiguredSource | None:
        """The source, read again; None when that was done just now, or nothing has changed.

        Raises as `find`.
        """
        now = self._clock()
        if now < self._renewed.get(name, now):
            return None
        self._renewed[name] = now + RENEWAL_INTERVAL
        configured = self._read(name, now)
        before = self._found.get(name)
        self._found[name] = (now + SOURCE_LIFETIME, configured)
        return None if before and before[1] == configured else configured

    def _read(self, name: str, now: datetime) -> ConfiguredSource:
        path = f"{self._path}/sources/{name}"
        found = self._parameters.get([path, paused_parameter(path)])
        document = found.get(path)
        if document is None:
            self._found.pop(name, None)
            self._unknown[name] = now + UNKNOWN_LIFETIME
            raise UnknownSourceError("no such source")
        try:
            source = Source.from_document(document)
        except (ValueError, KeyError, TypeError, AttributeError) as exc:
            raise UnavailableError(
                f"the document of source {name} cannot be read: {type(exc).__name__}"
            ) from exc
        locks = source.locks
        references = (*source.secrets, *source.handshake_secrets, *locks.path_tokens)
        references = references if self._with_secrets else ()
        pause = paused_parameter(f"{self._path}/connections/{source.connection.name}")
        texts = self._parameters.get([*references, pause])
        # A file that was put into Parameter Store often ends in a line break, a secret never.
        values = {name: text.rstrip("\r\n") for name, text in texts.items()}
        # The secret that a registration brings is not there yet.
        awaited = source.secrets if source.registration_until else ()
        missing = [name for name in references if not values.get(name) and name not in awaited]
        if missing:
            raise UnavailableError(f"source {name} has no secret at {', '.join(missing)}")

        def of(names: Iterable[str]) -> tuple[str, ...]:
            return tuple(value for name in names if (value := values.get(name)))

        return ConfiguredSource(
            source,
            of(source.secrets),
            of(source.handshake_secrets),
            of(locks.path_tokens),
            paused=pause in values or paused_parameter(path) in found,
        )


def paused_parameter(path: str) -> str:
    """The parameter that pauses a source or a connection for as long as it exists.

    Args:
        path: `/inlet-bridge/{stage}/sources/{name}` or `/inlet-bridge/{stage}/connections/{name}`.
    """
    return f"{path}/paused"
