"""What is stored of Adobe's batches: the outcome of messages after the inlet accepted them.

Times that Adobe states, such as `created` of a batch, are milliseconds since 1970 by its clock and
are compared with each other only.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final

_NEVER: Final = datetime.min.replace(tzinfo=UTC)


class Stage(StrEnum):
    """How far a batch is processed.

    OPEN: Adobe has not finished it. READING: it has failed records that were not all read. READ:
    nothing is left to do.
    """

    OPEN = "open"
    READING = "reading"
    READ = "read"


@dataclass(frozen=True, slots=True)
class Failure:
    """Why Adobe rejected an accepted message.

    Attributes:
        batch_id: of the batch that has the failed record.
        reason: Adobe's keywords, pointers and codes, without values of the message; at most 1 kB.
    """

    batch_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class BatchRecord:
    """One batch of a dataset, and how far its failed records were read.

    Attributes:
        created: by Adobe's clock, in milliseconds.
        status: Adobe's.
        received, ingested: the numbers of records that Adobe states.
        failed: the number of failed records, as far as Adobe states it or they were read.
        joined: failed records whose delivery was found and is recorded as failed.
        resent: those whose delivery was found and has been sent again since.
        foreign: those of other producers.
        unknown: those that were read and have no delivery that can be found.
        flows: failed records by our flow, `CONNECTION/FLOW`.
        reasons: of the failed records that were not joined, with their numbers.
        file, line: the next line to read.
        tries: how often its files could not be read.
        is_settled: an operator needs no more notice of what was not joined.
        version: of the stored item; 0 if there is none.
    """

    dataset_id: str
    batch_id: str
    created: int
    status: str = ""
    stage: Stage = Stage.OPEN
    received: int = 0
    ingested: int = 0
    failed: int = 0
    joined: int = 0
    resent: int = 0
    foreign: int = 0
    unknown: int = 0
    flows: Mapping[str, int] = field(default_factory=dict)
    reasons: Mapping[str, int] = field(default_factory=dict)
    file: str = ""
    line: int = 0
    tries: int = 0
    is_settled: bool = False
    version: int = 0

    @property
    def unjoined(self) -> int:
        """Failed records without a delivery: not found, not readable or not read yet."""
        return max(self.failed - self.joined - self.resent - self.foreign, 0)

    @property
    def lines(self) -> int:
        """Failed records that were read."""
        return self.joined + self.resent + self.foreign + self.unknown


@dataclass(frozen=True, slots=True)
class DatasetProgress:
    """How far the batches of a dataset were listed.

    Attributes:
        newest: `created` of the newest batch that was listed; 0 before the first.
        after, start: the request that continues a listing that was not finished; 0 if it was.
        seen_at: when a flow of ours last wrote to it, by our clock.
        listed_at: when it was last listed, by our clock.
        problem: why it could not be read last time; empty if it could.
    """

    dataset_id: str
    newest: int = 0
    after: int = 0
    start: int = 0
    seen_at: datetime = _NEVER
    listed_at: datetime = _NEVER
    problem: str = ""


@dataclass(frozen=True, slots=True)
class RunState:
    """The state that one run leaves to the next.

    Attributes:
        until: when another run may start although this one has not ended.
        calls: the calls to Adobe that were left at `counted_at`.
        reported_at: when `rejected`, the number of rejected records, was last a metric.
        version: of the stored item; 0 if there is none.
    """

    until: datetime = _NEVER
    calls: float = 0.0
    counted_at: datetime = _NEVER
    reported_at: datetime = _NEVER
    rejected: int = 0
    version: int = 0
