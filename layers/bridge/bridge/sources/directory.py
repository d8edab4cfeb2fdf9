"""Read configured sources and their secrets from SSM, cached for a minute."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from bridge.errors import UnavailableError, UnknownSourceError
from bridge.ports.aws import Parameters
from bridge.ports.process import Clock
from bridge.sources.source import Source
from bridge.telemetry import logger

# How long a source is cached: changed sources and rotated secrets take effect after that.
SOURCE_LIFETIME = timedelta(seconds=60)
# How long an expired source is used while SSM is unavailable.
STALE_LIFETIME = timedelta(minutes=15)
# Time between requests to SSM after a failure or an unreadable document.
FAILURE_INTERVAL = timedelta(seconds=1)
# How long the list of names is cached. It answers requests for unknown names without a call to
# SSM, which is limited to 40 calls a second for the whole account.
LIST_LIFETIME = timedelta(seconds=60)
# Once per LIST_LIFETIME, a list of at least this age is refreshed early for an unknown name:
# vendors that check the URL call a new source immediately.
YOUNG_LIST = timedelta(seconds=5)
# Minimum time between early refreshes of a source after rejected webhooks: its secret may have
# been rotated, but anyone can send requests that are rejected.
RENEWAL_INTERVAL = timedelta(seconds=10)
# How long a delivery of a paused source is postponed; SQS delays by 15 minutes at most.
PAUSE_DELAY = timedelta(minutes=5)

# The pattern of `names.NAME`, a module that the receiver does not import otherwise.
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class ConfiguredSource:
    """A source and the values of its secrets, newest first.

    Attributes:
        paused: the source or its connection is paused; webhooks wait in the buffer.
        handshake_secrets: secrets of unsigned handshakes.
        missing: names of secrets that do not exist yet.
    """

    source: Source
    secrets: tuple[str, ...] = field(repr=False)
    handshake_secrets: tuple[str, ...] = field(default=(), repr=False)
    path_tokens: tuple[str, ...] = field(default=(), repr=False)
    paused: bool = False
    missing: tuple[str, ...] = ()


class SourceDirectory:
    """Finds sources by name.

    Args:
        with_secrets: also read the values of secrets; functions that verify no webhooks do not
            need them, and their roles do not allow it.
    """

    def __init__(
        self, parameters: Parameters, stage: str, clock: Clock, *, with_secrets: bool = True
    ) -> None:
        self._parameters = parameters
        self._with_secrets = with_secrets
        self._path = f"/inlet-bridge/{stage}"
        self._clock = clock
        self._found: dict[str, tuple[datetime, ConfiguredSource]] = {}
        self._failed: dict[str, tuple[datetime, str]] = {}
        self._renew_at: dict[str, datetime] = {}
        # None until a name is requested that is not a source.
        self._names: frozenset[str] | None = None
        self._list_at = _LONG_AGO
        self._early_at = _LONG_AGO
        self._asked_at = _LONG_AGO

    def find(self, name: str) -> ConfiguredSource:
        """The source of this name with its secrets.

        Raises:
            UnknownSourceError: there is no such source in SSM or in the cached list.
            UnavailableError: its document or a secret cannot be read.
        """
        now = self._clock()
        kept = self._found.get(name)
        if kept and now < kept[0]:
            return kept[1]
        if kept is None and not (_NAME.fullmatch(name) and self._may_exist(name, now)):
            raise UnknownSourceError("no such source")
        try:
            return self._read_or_fail(name, now)
        except UnavailableError as exc:
            if kept is None or now >= kept[0] + STALE_LIFETIME:
                raise
            logger.warning("a source is stale", extra={"reason": str(exc)})
            return kept[1]

    def renew(self, name: str, *, concurrently: bool = False) -> ConfiguredSource | None:
        """Refresh a source; None when that was done recently, or nothing has changed.

        With `concurrently`, it is refreshed even if that was done recently. Raises as `find`.
        """
        now = self._clock()
        if not concurrently and now < self._renew_at.get(name, now):
            return None
        self._renew_at[name] = now + RENEWAL_INTERVAL
        before = self._found.get(name)
        configured = self._read_or_fail(name, now)
        return None if before and before[1] == configured else configured

    def _may_exist(self, name: str, now: datetime) -> bool:
        """Whether a name may be a source, by the cached list. Raises UnavailableError."""
        if self._names is None:
            if now < self._list_at:
                raise UnavailableError("the list of sources cannot be read")
            return True
        if name not in self._names and (now >= self._list_at or self._may_list_early(now)):
            try:
                self._names = self._list(now)
            except UnavailableError as exc:
                logger.warning("the list of sources is stale", extra={"reason": str(exc)})
        return name in self._names

    def _may_list_early(self, now: datetime) -> bool:
        if now < max(self._early_at, self._asked_at + YOUNG_LIST):
            return False
        self._early_at = now + LIST_LIFETIME
        return True

    def _list(self, now: datetime) -> frozenset[str]:
        """Read the names of all sources. Raises UnavailableError."""
        self._asked_at, self._list_at = now, now + FAILURE_INTERVAL
        names = frozenset(self._parameters.names_in(f"{self._path}/sources"))
        self._list_at = now + LIST_LIFETIME
        return names

    def _read_or_fail(self, name: str, now: datetime) -> ConfiguredSource:
        """Read, unless that failed recently. Raises as `find`."""
        until, reason = self._failed.get(name, (now, ""))
        if now < until:
            raise UnavailableError(reason)
        try:
            configured = self._read(name, now)
        except UnavailableError as exc:
            self._failed[name] = (now + FAILURE_INTERVAL, str(exc))
            raise
        self._failed.pop(name, None)
        return configured

    def _read(self, name: str, now: datetime) -> ConfiguredSource:
        path = f"{self._path}/sources/{name}"
        found = self._parameters.get([path, paused_parameter(path)])
        document = found.get(path)
        if document is None:
            self._found.pop(name, None)
            names = self._list(now) if self._names is None else self._names
            self._names = names - {name}
            raise UnknownSourceError("no such source")
        try:
            source = Source.from_document(document)
        except (ValueError, KeyError, TypeError, AttributeError) as exc:
            raise UnavailableError(
                f"the document of source {name} cannot be read: {type(exc).__name__}"
            ) from exc
        access_rules = source.access_rules
        references = (*source.secrets, *source.handshake_secrets, *access_rules.path_tokens)
        references = references if self._with_secrets else ()
        pause = paused_parameter(f"{self._path}/connections/{source.connection.name}")
        texts = self._parameters.get([*references, pause])
        # Values from files often end in a line break; secrets never do.
        values = {name: text.rstrip("\r\n") for name, text in texts.items()}
        # A pending registration has no secret yet.
        pending = source.secrets if source.registration_until else ()
        missing = tuple(name for name in references if not values.get(name) and name not in pending)

        def of(names: Iterable[str]) -> tuple[str, ...]:
            return tuple(value for name in names if (value := values.get(name)))

        configured = ConfiguredSource(
            source,
            of(source.secrets),
            of(source.handshake_secrets),
            of(access_rules.path_tokens),
            paused=pause in values or paused_parameter(path) in found,
            missing=missing,
        )
        self._found[name] = (now + (RENEWAL_INTERVAL if missing else SOURCE_LIFETIME), configured)
        return configured


def paused_parameter(path: str) -> str:
    """The SSM parameter that pauses a source or a connection while it exists.

    Args:
        path: `/inlet-bridge/{stage}/sources/{name}` or `/inlet-bridge/{stage}/connections/{name}`.
    """
    return f"{path}/paused"
