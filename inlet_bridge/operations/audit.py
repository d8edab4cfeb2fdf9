"""Whether everything that was accepted is somewhere."""

from collections import Counter
from dataclasses import dataclass
from typing import Any, Final

from bridge.adapters.aws.sqs import DEPTHS
from bridge.delivery.record import State
from inlet_bridge.operations.deployed import Deployed
from inlet_bridge.operations.records import Records

ACCEPTED: Final = (State.DELIVERED, State.BUFFERED, State.DEAD, State.FILTERED)
"""States of what was answered with 2xx, each event once."""


@dataclass(frozen=True, slots=True)
class Audit:
    """Both sides of the books.

    Attributes:
        states: of the deliveries that are remembered, by source.
        waiting: messages in the buffer, as SQS counts: approximately, while messages move.
        dead_letters: messages in the dead-letter queue, likewise.
    """

    states: dict[str, Counter[State]]
    waiting: int
    dead_letters: int

    def total(self, state: State) -> int:
        """Over all sources."""
        return sum(counter[state] for counter in self.states.values())

    @property
    def accepted(self) -> int:
        """Answered with 2xx; what a receiver has in its hands is not yet.

        A webhook that was split counts as its parts, from when the forwarder has seen them.
        """
        return sum(map(self.total, ACCEPTED))

    @property
    def missing(self) -> int:
        """Recorded as waiting, and not in the buffer; zero or below is well."""
        return self.total(State.BUFFERED) - self.waiting


def audit(deployed: Deployed) -> Audit:
    """Count."""
    return Audit(
        states=Records(deployed).states(),
        waiting=_depth(deployed, deployed.buffer),
        dead_letters=_depth(deployed, deployed.dead_letters),
    )


def _depth(deployed: Deployed, queue: str) -> int:
    answer: Any = deployed.sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=list(DEPTHS))
    return sum(int(answer["Attributes"].get(name, 0)) for name in DEPTHS)
