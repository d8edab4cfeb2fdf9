"""Find configured sources by name, cached for a minute; a stale copy bridges failures of SSM."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from bridge.errors import ThrottledError, UnavailableError, UnknownSourceError
from bridge.ports.aws import Parameters
from bridge.ports.process import Clock
from bridge.sources.configured import ConfiguredSource
from bridge.sources.reader import SourceReader
from bridge.sources.ssm_reads import FAILURE_INTERVAL, NO_RETRIES, ReadRetries, SsmReads
from bridge.telemetry import logger

# How long a source is cached: changed sources and rotated secrets take effect after that.
SOURCE_LIFETIME = timedelta(seconds=60)
# How long an expired source is used while SSM is unavailable.
STALE_LIFETIME = timedelta(minutes=15)
# How long the list of names is cached. It answers requests for unknown names without a call to
# SSM, which is limited to 40 calls a second for the whole account.
LIST_LIFETIME = timedelta(seconds=60)
# Once per LIST_LIFETIME, a list of at least this age is refreshed early for an unknown name:
# vendors that check the URL call a new source immediately.
YOUNG_LIST = timedelta(seconds=5)
# Minimum time before an early refresh of a source after rejected webhooks: its secret may have been
# rotated, but anyone can send requests that are rejected. It doubles with each refresh that finds
# no change, so that forged requests cost no more calls than the cache does.
RENEWAL_INTERVAL = timedelta(seconds=10)
# How long a delivery of a paused source is postponed; SQS delays by 15 minutes at most.
PAUSE_DELAY = timedelta(minutes=5)
# Entries expire early by up to this share of their lifetime, at random: environments that started
# together do not refresh together.
JITTER = 0.25

# The pattern of `names.NAME`, a module that the receiver does not import otherwise.
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


class _Entry:
    """A cached source.

    Attributes:
        read_again_at: when it is read again.
        fresh_until: until when it is current; stale afterwards.
    """

    def __init__(
        self, configured: ConfiguredSource, read_again_at: datetime, fresh_until: datetime
    ) -> None:
        self.configured = configured
        self.read_again_at = read_again_at
        self.fresh_until = fresh_until


class _Renewals:
    """Early refreshes of a source: when the next is allowed, and the time after that."""

    def __init__(self, next_at: datetime) -> None:
        self.next_at = next_at
        self.interval = RENEWAL_INTERVAL


class SourceCache:
    """Finds sources by name.

    Args:
        parameters: read what this environment has never read.
        stage: the name of the deployment.
        clock: the time.
        with_secrets: also read the values of secrets; functions that verify no webhooks do not
            need them, and their roles do not allow it.
        quick: read again what is cached, with short time-outs; by default `parameters`.
        retries: how long a first read that is throttled is repeated.
        jitter: a random number from 0 up to 1.
    """

    def __init__(
        self,
        parameters: Parameters,
        stage: str,
        clock: Clock,
        *,
        with_secrets: bool = True,
        quick: Parameters | None = None,
        retries: ReadRetries = NO_RETRIES,
        jitter: Callable[[], float] = lambda: 0.0,
    ) -> None:
        self._ssm = SsmReads(parameters, quick or parameters, clock, retries)
        self._reader = SourceReader(f"/inlet-bridge/{stage}", with_secrets=with_secrets)
        self._list_path = f"/inlet-bridge/{stage}/sources"
        self._clock = clock
        self._jitter = jitter
        self._entries: dict[str, _Entry] = {}
        self._failed: dict[str, tuple[datetime, str]] = {}
        self._renewals: dict[str, _Renewals] = {}
        # None until a name is requested that is not a source.
        self._names: frozenset[str] | None = None
        self._needs_list = False
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
        entry = self._entries.get(name)
        if entry and now < entry.read_again_at:
            return entry.configured
        if entry is None and not (_NAME.fullmatch(name) and self._may_exist(name, now)):
            raise UnknownSourceError("no such source")
        if entry is None or now >= entry.fresh_until + STALE_LIFETIME:
            return self._first_read(name, now)
        try:
            return self._read(name)
        except UnavailableError as exc:
            if now < entry.fresh_until:
                entry.read_again_at = min(now + FAILURE_INTERVAL, entry.fresh_until)
                return entry.configured
            logger.warning("a source is stale", extra={"reason": str(exc)})
            entry.configured = entry.configured._replace(is_current=False)
            entry.read_again_at = now + FAILURE_INTERVAL
            return entry.configured

    def known(self, name: str) -> ConfiguredSource | None:
        """The last copy of a source, without reading; None if this environment has none."""
        entry = self._entries.get(name)
        return entry.configured if entry else None

    def renew(self, name: str, *, concurrently: bool = False) -> ConfiguredSource | None:
        """Refresh a source; None when that was done recently, or nothing has changed.

        With `concurrently`, it is refreshed even if that was done recently. Raises as `find`.
        """
        now = self._clock()
        renewals = self._renewals.setdefault(name, _Renewals(now))
        if not concurrently and now < renewals.next_at:
            return None
        if now >= renewals.next_at + SOURCE_LIFETIME:
            renewals.interval = RENEWAL_INTERVAL
        renewals.next_at = now + renewals.interval * (1 + JITTER * self._jitter())
        renewals.interval = min(renewals.interval * 2, SOURCE_LIFETIME)
        before = self._entries.get(name)
        configured = self._read(name)
        if before and before.configured == configured:
            return None
        renewals.interval = RENEWAL_INTERVAL
        return configured

    def _may_exist(self, name: str, now: datetime) -> bool:
        """Whether a name may be a source, by the cached list. Raises UnavailableError."""
        if self._names is None:
            if not self._needs_list:
                return True
            self._names = self._listed(self._ssm.first_names, now)
        if name not in self._names and (now >= self._list_at or self._may_list_early(now)):
            try:
                self._names = self._listed(self._ssm.refresh_names, now)
            except UnavailableError as exc:
                logger.warning("the list of sources is stale", extra={"reason": str(exc)})
        return name in self._names

    def _may_list_early(self, now: datetime) -> bool:
        if now < max(self._early_at, self._asked_at + YOUNG_LIST):
            return False
        self._early_at = now + LIST_LIFETIME
        return True

    def _listed(self, names_in: Callable[[str], set[str]], now: datetime) -> frozenset[str]:
        """Read the names of all sources. Raises UnavailableError."""
        self._asked_at, self._list_at = now, now + FAILURE_INTERVAL
        names = frozenset(names_in(self._list_path))
        self._list_at = now + self._shortened(LIST_LIFETIME)
        return names

    def _first_read(self, name: str, now: datetime) -> ConfiguredSource:
        """Read with retries, unless that failed recently. Raises as `find`."""
        until, reason = self._failed.get(name, (now, ""))
        if now < until:
            raise UnavailableError(reason)
        try:
            configured = self._read(name, is_first=True)
        except ThrottledError:
            raise  # After all retries.
        except UnavailableError as exc:
            self._failed[name] = (self._clock() + FAILURE_INTERVAL, str(exc))
            raise
        self._failed.pop(name, None)
        return configured

    def _read(self, name: str, *, is_first: bool = False) -> ConfiguredSource:
        entry = self._entries.get(name)
        get = self._ssm.first if is_first or entry is None else self._ssm.refresh
        configured = self._reader.read(
            name, entry.configured if entry else None, get, self._ssm.refresh
        )
        now = self._clock()
        if configured is None:
            self._entries.pop(name, None)
            self._strike_out(name, now)
            raise UnknownSourceError("no such source")
        is_complete = configured.is_current and not configured.missing
        lifetime = self._shortened(SOURCE_LIFETIME if is_complete else RENEWAL_INTERVAL)
        self._entries[name] = _Entry(configured, now + lifetime, now + SOURCE_LIFETIME)
        return configured

    def _strike_out(self, name: str, now: datetime) -> None:
        """Take a name that does not exist from the list; read the list if there is none."""
        if self._names is None:
            try:
                self._names = self._listed(self._ssm.refresh_names, now)
            except UnavailableError as exc:
                self._needs_list = True
                logger.warning("the list of sources is missing", extra={"reason": str(exc)})
                return
        self._names -= {name}

    def _shortened(self, lifetime: timedelta) -> timedelta:
        return lifetime * (1 - JITTER * self._jitter())
