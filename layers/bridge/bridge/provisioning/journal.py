"""Lock a chain for one run at a time, and record the next step of the run.

SSM numbers the versions of a parameter, so a run detects whether another run has written since.
An entry that is not renewed expires, and the next run takes over.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from bridge.errors import UnavailableError
from bridge.names import Resource, resource_path
from bridge.ports.aws import VersionedParameters
from bridge.ports.process import Clock, Sleep
from bridge.provisioning.chain.journal_entry import CLOSED, JournalEntry
from bridge.provisioning.chain.record import JOURNAL

LEASE: Final = timedelta(seconds=180)
"""Longer than any single step; an interrupted run blocks others for this long."""

_RENEWAL = timedelta(seconds=60)
_POLL_SECONDS = 5.0
# Until a journal that another run has just created can be read.
_STALE_READ_SECONDS = 1.0
_BEGIN: Final = "begin"


@dataclass(slots=True)
class OpenJournal:
    """The journal of the run that holds the chain.

    Attributes:
        version: of the entry that this run wrote last.
        until: when that entry expires.
        is_takeover: the previous run was interrupted, and may have created unrecorded objects.
        is_new: this run has created the journal.
    """

    parameters: VersionedParameters
    name: str
    run: str
    now: Clock
    version: int
    until: datetime
    is_takeover: bool
    is_new: bool
    step: str = _BEGIN
    is_deleted: bool = False

    def write(self, step: str) -> None:
        """Record the next step and renew the lease.

        Raises:
            UnavailableError: another run has taken over.
        """
        self.step = step
        self._write(self.now() + LEASE)

    def _write(self, until: datetime) -> None:
        """Another version matters only after the entry expired.

        Before that, it is from a run that tried to take over an older entry, failed, and waits.
        """
        expired = self.now() >= self.until
        version = self.parameters.overwrite(
            self.name, JournalEntry(self.run, until, self.step).to_text()
        )
        if expired and version != self.version + 1:
            raise UnavailableError("another run has taken this chain over; apply again later")
        self.version, self.until = version, until

    def renew(self) -> None:
        """Renew a lease that is a minute old, during a long wait. Raises as `write`."""
        if self.until - self.now() <= LEASE - _RENEWAL:
            self._write(self.now() + LEASE)

    def close(self) -> None:
        """Release the chain after a completed run, unless another run has taken over."""
        if self.is_deleted:
            return
        if self.now() >= self.until:
            found = self.parameters.read(self.name)
            if found is None or found[1] != self.version:
                return
        self.step = CLOSED
        self._write(self.now())

    def delete(self) -> None:
        """Delete the journal with the last parameters of its connection."""
        self.parameters.remove(self.name)
        self.is_deleted = True

    def expire(self) -> None:
        """End the lease of an incomplete run, so that the next one can start at once."""
        if self.is_deleted:
            return
        if self.step != _BEGIN or self.is_takeover:
            self._write(self.now())
        elif self.is_new:
            self.delete()  # Nothing else of this connection exists.
        else:
            self.close()


@dataclass(slots=True)
class Heartbeat:
    """Renews the lease of the run, if there is one, while the run waits for Adobe."""

    journal: OpenJournal | None = None

    def beat(self) -> None:
        """Call this at least once a minute during a wait.

        Raises:
            UnavailableError: another run has taken over.
        """
        if self.journal:
            self.journal.renew()


@dataclass(frozen=True, slots=True)
class Journals:
    """The journals of all chains, or of all sources, of one stage.

    Attributes:
        new_run_id: generates a unique id for a run.
        heartbeat: knows the journal that is held.
        resource: what is locked.
    """

    parameters: VersionedParameters
    stage: str
    now: Clock
    sleep: Sleep
    new_run_id: Callable[[], str]
    heartbeat: Heartbeat = field(default_factory=Heartbeat)
    resource: Resource = "connections"

    @contextmanager
    def hold(self, connection: str) -> Iterator[OpenJournal]:
        """Hold a chain or a source until the block ends; wait for another run first.

        Raises:
            UnavailableError: another run holds it until after the deadline.
        """
        name = f"{resource_path(self.stage, self.resource, connection)}/{JOURNAL}"
        journal = self._acquire(name, self.new_run_id(), connection)
        self.heartbeat.journal = journal
        try:
            yield journal
        except BaseException:
            with suppress(UnavailableError):  # The first error is the more important one.
                journal.expire()
            raise
        finally:
            self.heartbeat.journal = None
        journal.close()

    def _acquire(self, name: str, run: str, connection: str) -> OpenJournal:
        while True:
            until = self.now() + LEASE
            text = JournalEntry(run, until, _BEGIN).to_text()
            new = OpenJournal(
                *(self.parameters, name, run, self.now, 1, until), is_takeover=False, is_new=True
            )
            found = self.parameters.read(name)
            if found is None:
                if self.parameters.create(name, text):
                    return new
                self.sleep(_STALE_READ_SECONDS)
                continue
            entry, version = JournalEntry.from_text(found[0]), found[1]
            if entry.until > self.now() and not entry.is_closed:
                self._wait(entry, connection)
            elif self.parameters.overwrite(name, text) == version + 1:
                is_takeover = not entry.is_closed
                return replace(new, version=version + 1, is_takeover=is_takeover, is_new=False)

    def _wait(self, entry: JournalEntry, connection: str) -> None:
        remaining = (entry.until - self.now()).total_seconds()
        try:
            self.sleep(min(remaining, _POLL_SECONDS))
        except UnavailableError as exc:
            raise UnavailableError(
                f"another run is changing {self.resource[:-1]} {connection} (it is about to "
                f"{entry.step}); apply again after {entry.until:%H:%M:%S} UTC"
            ) from exc
