"""Find the source of a queue of events, cached for a minute.

The stack of the queue writes its name to the parameter `queues/{queue}` (`sources.yaml`).
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

from bridge.errors import UnavailableError
from bridge.ports.aws import Parameters
from bridge.ports.process import Clock
from bridge.sources.ssm_reads import NO_RETRIES, SsmReads

_LIFETIME: Final = timedelta(seconds=60)
# A name that was not found is looked up again after this time.
_MISSING_LIFETIME: Final = timedelta(seconds=10)
_LONG_AGO: Final = datetime.min.replace(tzinfo=UTC)


@dataclass(slots=True)
class QueueSources:
    """Finds the sources of the queues of a stage; a stale name bridges failures of SSM.

    After a failed read there is none for a second, and up to 30 while SSM fails: a batch has up to
    100 events, and each asks. A missing name is looked up again after ten seconds.
    """

    parameters: Parameters
    stage: str
    clock: Clock
    # A function reads from few queues.
    _found: dict[str, tuple[datetime, str]] = field(default_factory=dict, init=False)
    _reads: SsmReads = field(init=False)

    def __post_init__(self) -> None:
        self._reads = SsmReads(self.parameters, self.parameters, self.clock, NO_RETRIES)

    def source_of(self, queue: str) -> str:
        """The name of the source whose events arrive through a queue.

        Raises:
            UnavailableError: there is none yet, or SSM cannot be read.
        """
        now = self.clock()
        name = f"/inlet-bridge/{self.stage}/queues/{queue}"
        read_at, known = self._found.get(queue, (_LONG_AGO, ""))
        if now - read_at >= (_LIFETIME if known else _MISSING_LIFETIME):
            try:
                known = self._reads.refresh([name]).get(name, "")
            except UnavailableError:
                if not known:
                    raise
            else:
                self._found[queue] = now, known
        if not known:
            raise UnavailableError(f"the parameter {name} with the source of the queue is missing")
        return known
