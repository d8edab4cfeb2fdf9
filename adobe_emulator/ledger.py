"""The messages that the inlet accepted, lost and rejected."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Received:
    """One message that the inlet accepted.

    Attributes:
        received_ms: in milliseconds since 1970.
        batch_id: None for a message sent alone.
        content: its bytes as they were sent; in a batch, its slice of the request body.
        headers: of the request, with lower-case names, without Authorization.
        authenticated: the request had a valid token. An open inlet accepts any token.
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
    """One message that was acknowledged and lost."""

    message: Received
    reason: str


@dataclass(frozen=True, slots=True)
class Refused:
    """One message, or one whole request, with an error response."""

    inlet_id: str
    received_ms: int
    status: int
    reason: str


class Ledger:
    """The messages of all inlets. Each property is a snapshot."""

    def __init__(self) -> None:
        self._received: list[Received] = []
        self._lost: list[Lost] = []
        self._refused: list[Refused] = []

    @property
    def received(self) -> tuple[Received, ...]:
        """The messages in the data lake, in the order of arrival."""
        return tuple(self._received)

    @property
    def lost(self) -> tuple[Lost, ...]:
        """The messages that were acknowledged but not stored."""
        return tuple(self._lost)

    @property
    def refused(self) -> tuple[Refused, ...]:
        """The messages and requests with an error response."""
        return tuple(self._refused)

    def keep(self, message: Received) -> None:
        """Record a message that was stored."""
        self._received.append(message)

    def lose(self, message: Received, reason: str) -> None:
        """Record a message that was acknowledged and lost."""
        self._lost.append(Lost(message, reason))

    def refuse(self, refused: Refused) -> None:
        """Record a rejection."""
        self._refused.append(refused)
