"""Check that every delivery that is recorded as waiting is in the buffer."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from bridge.adapters.aws.sqs import DEPTHS
from bridge.delivery.record import State
from inlet_bridge.operations.deployed import Deployed
from inlet_bridge.operations.records.table import Records


@dataclass(frozen=True, slots=True)
class Audit:
    """Recorded states and queue counts.

    Attributes:
        states: number of deliveries that wait, are dead or were rejected by Adobe, by source.
        waiting: messages in the buffer, as counted by SQS: approximate while messages move.
        dead_letters: messages in the dead-letter queue, also approximate.
    """

    states: dict[str, Counter[State]]
    waiting: int
    dead_letters: int

    def total(self, state: State) -> int:
        """Counts over all sources."""
        return sum(counter[state] for counter in self.states.values())

    @property
    def missing(self) -> int:
        """Number recorded as waiting but not in the buffer; zero or less is correct."""
        return self.total(State.BUFFERED) - self.waiting


def audit(deployed: Deployed) -> Audit:
    """Count open deliveries and queued messages."""
    return Audit(
        states=Records(deployed).open_states(),
        waiting=_depth(deployed, deployed.buffer),
        dead_letters=_depth(deployed, deployed.dead_letters),
    )


def _depth(deployed: Deployed, queue: str) -> int:
    answer: Any = deployed.sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=list(DEPTHS))
    return sum(int(answer["Attributes"].get(name, 0)) for name in DEPTHS)
