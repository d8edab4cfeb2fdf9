"""The entry in the journal of a chain or a source: which run holds it, and what it does next."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Self

from bridge.parameter_json import storable

CLOSED: Final = "closed"
"""The step, and the whole text, of a journal that no run holds.

SSM asks to wait 30 seconds before a deleted name is created again, so a journal is deleted only
with its connection:
https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_DeleteParameters.html.
"""


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """The entry of the run that holds the chain.

    Attributes:
        run: the id of the run.
        until: when the lease ends; the run renews it at every step.
        step: the next step.
    """

    run: str
    until: datetime
    step: str

    @property
    def is_closed(self) -> bool:
        """Whether no run holds the chain, and the last one completed."""
        return self.step == CLOSED

    def to_text(self) -> str:
        """The entry as SSM stores it."""
        if self.is_closed:
            return CLOSED
        return storable(
            json.dumps({"run": self.run, "until": self.until.isoformat(), "step": self.step})
        )

    @classmethod
    def from_text(cls, text: str) -> Self:
        """The inverse of `to_text`."""
        if text == CLOSED:
            return cls("", datetime.min.replace(tzinfo=UTC), CLOSED)
        document = json.loads(text)
        return cls(document["run"], datetime.fromisoformat(document["until"]), document["step"])
