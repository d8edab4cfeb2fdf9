"""What became of a delivery, as the deliveries table tells it."""

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """Where a delivery is.

    NEW is ours to work on; CLAIMED is in the hands of somebody else right now.
    """

    NEW = "new"
    CLAIMED = "claimed"
    BUFFERED = "buffered"
    DELIVERED = "delivered"
    DEAD = "dead"


@dataclass(frozen=True, slots=True)
class Claim:
    """The answer to a claim: NEW when it was granted, else what an earlier webhook came to."""

    state: State
    xaction_id: str = ""
