"""The journal of a chain: one run at a time, and what it is about to do.

SSM numbers the versions of a parameter, so a run that writes finds out whether it was the last
to write. An entry that nobody renews runs out, and the next run takes the chain over.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bridge.errors import UnavailableError
from bridge.names import resource_path
from bridge.ports.aws import VersionedParameters
from bridge.ports.process import Clock, Sleep
from bridge.provisioning.chain.record import JOURNAL, Entry, read_entry

LEASE: Final = timedelta(seconds=180)
"""Longer than any single step takes; a run that died holds the others up for so long."""

_LOOK_SECONDS = 5.0
_BEGIN: Final = "begin"


@dataclass(slots=True)
class OpenJournal:
    """The journal of the run that holds the chain.

    Attributes:
        version: of the entry that this run wrote last.
        until: when that entry runs out.
        left: a run before this one was cut off, and may have made more than is recorded.
    """

    parameters: VersionedParameters
    name: str
    run: str
    now: Clock
    version: int
    until: datetime
    left: bool
    step: str = _BEGIN

    def write(self, step: str) -> None:
        """Say what comes next, and hold the chain for as long as one step may take.

        Raises:
            UnavailableError: another run has taken over.
        """
        self.step = step
        self._write(self.now() + LEASE)

    def _write(self, until: datetime) -> None:
        """Another version counts only after the entry ran out.

        Before, it is of a run that wanted to take over an older entry, lost, and waits.
        """
        ran_out = self.now() >= self.until
        version = self.parameters.overwrite(self.name, Entry(self.run, until, self.step).to_text())
        if ran_out and version != self.version + 1:
            raise UnavailableError("another run has taken this chain over; apply again later")
        self.version, self.until = version, until

    def close(self) -> None:
        """Everything is done."""
        self.parameters.remove(self.name)

    def release(self) -> None:
        """Not everything is done, but this run ends: let others have the chain at once."""
        if self.step == _BEGIN and not self.left:
            self.close()
        else:
            self._write(self.now())


@dataclass(frozen=True, slots=True)
class Journals:
    """The journals of all chains of one stage.

    Attributes:
        run: makes a name for a run that no other has.
    """

    parameters: VersionedParameters
    stage: str
    now: Clock
    sleep: Sleep
    run: Callable[[], str]

    @contextmanager
    def opened(self, connection: str) -> Iterator[OpenJournal]:
        """Hold a chain until the block ends, waiting for another run first.

        Raises:
            UnavailableError: another run holds it for longer than there is time.
        """
        name = f"{resource_path(self.stage, 'connections', connection)}/{JOURNAL}"
        journal = self._take(name, self.run(), connection)
        try:
            yield journal
        except BaseException:
            with suppress(UnavailableError):  # What stopped the run is worth more than this.
                journal.release()
            raise
        journal.close()

    def _take(self, name: str, run: str, connection: str) -> OpenJournal:
        while True:
            until = self.now() + LEASE
            text = Entry(run, until, _BEGIN).to_text()
            if self.parameters.create(name, text):
                return OpenJournal(self.parameters, name, run, self.now, 1, until, left=False)
            found = self.parameters.read(name)
            if found is None:
                continue
            entry, version = read_entry(found[0]), found[1]
            if entry.until > self.now():
                self._wait(entry, connection)
            elif self.parameters.overwrite(name, text) == version + 1:
                return OpenJournal(
                    self.parameters, name, run, self.now, version + 1, until, left=True
                )

    def _wait(self, entry: Entry, connection: str) -> None:
        left = (entry.until - self.now()).total_seconds()
        try:
            self.sleep(min(left, _LOOK_SECONDS))
        except UnavailableError as exc:
            raise UnavailableError(
                f"another run is changing connection {connection} (it is about to "
                f"{entry.step}); apply again after {entry.until:%H:%M:%S} UTC"
            ) from exc
