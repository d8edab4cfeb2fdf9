"""The dead letters that were in the queue before a command changes it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from inlet_bridge.operations.queues.dead_letter import DeadLetter


@dataclass(frozen=True)
class LettersBefore:
    """What a redrive or a drop may take: a letter that comes back has another message ID.

    Attributes:
        letters: as they were listed.
        at: the time of SQS when the list had been read.
        all_listed: whether the list has all that were selected; otherwise those that were sent
            before that time belong to them, too.
    """

    letters: Sequence[DeadLetter]
    at: datetime
    all_listed: bool

    @cached_property
    def _ids(self) -> frozenset[str]:
        return frozenset(each.message_id for each in self.letters)

    def has(self, letter: DeadLetter) -> bool:
        """Whether a letter was there."""
        return letter.message_id in self._ids or (not self.all_listed and letter.sent_at <= self.at)
