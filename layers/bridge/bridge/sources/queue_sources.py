"""Find the source of a queue of events, cached for a minute.

The stack of the queue writes its name to the parameter `queues/{queue}` (`sources.yaml`).
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from bridge.errors import UnavailableError
from bridge.ports.aws import Parameters
from bridge.ports.process import Clock

_LIFETIME: Final = timedelta(seconds=60)


@dataclass(slots=True)
class QueueSources:
    """Finds the sources of the queues of a stage; a stale name bridges failures of SSM."""

    parameters: Parameters
    stage: str
    clock: Clock
    # A function reads from few queues.
    _found: dict[str, tuple[datetime, str]] = field(default_factory=dict, init=False)

    def source_of(self, queue: str) -> str:
        """The name of the source whose events arrive through a queue.

        Raises:
            UnavailableError: there is none yet, or SSM cannot be read.
        """
        now = self.clock()
        read_at, known = self._found.get(queue, (now, ""))
        if known and now - read_at < _LIFETIME:
            return known
        name = f"/inlet-bridge/{self.stage}/queues/{queue}"
        try:
            source = self.parameters.get([name]).get(name, "")
        except UnavailableError:
            if known:
                return known
            raise
        if not source:
            raise UnavailableError(f"the parameter {name} with the source of the queue is missing")
        self._found[queue] = now, source
        return source
