"""What the inlet received, lost and refused."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Received:
    """One message that the inlet took.

    Attributes:
        received_ms: when, in milliseconds since 1970.
        batch_id: the batch that it came in, None for a message of its own.
        content: its bytes as they were sent; in a batch, its slice of the request body.
        headers: of the request, lower-case names, without Authorization.
        authenticated: a valid token came with it. An open inlet takes any, so look here.
    """

    inlet_id: str
    flow_id: str
    xaction_id: str
    received_ms: int
    batch_id: str | None
    content: bytes
    headers: Mapping[str, str]
    authenticated: bool


@dataclass(frozen=True, slots=True)
class Lost:
    """One message that was answered with success and then vanished."""

    message: Received
    reason: str


@dataclass(frozen=True, slots=True)
class Refused:
    """One message, or one whole request, that was answered with an error."""

    inlet_id: str
    received_ms: int
    status: int
    reason: str


class Ledger:
    """The books of all inlets. Each property is a snapshot."""

    def __init__(self) -> None:
        self._received: list[Received] = []
        self._lost: list[Lost] = []
        self._refused: list[Refused] = []

    @property
    def received(self) -> tuple[Received, ...]:
        """What would be in the data lake, in the order of arrival."""
        return tuple(self._received)

    @property
    def lost(self) -> tuple[Lost, ...]:
        """What the sender believes to be delivered and is not."""
        return tuple(self._lost)

    @property
    def refused(self) -> tuple[Refused, ...]:
        """What the sender was told about."""
        return tuple(self._refused)

    def keep(self, message: Received) -> None:
        """Enter a message that was received."""
        self._received.append(message)

    def lose(self, message: Received, reason: str) -> None:
        """Enter a message that was acknowledged and lost."""
        self._lost.append(Lost(message, reason))

    def refuse(self, refused: Refused) -> None:
        """Enter a refusal."""
        self._refused.append(refused)
