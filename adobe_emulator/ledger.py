"""The messages that the inlet accepted, lost and rejected."""

from collections.abc import Mapping
from dataclasses import dataclass

from adobe_emulator.arrivals import Arrival


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
    """One message that was acknowledged and does not reach its dataset."""

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
    """The messages of all inlets. Each property is a snapshot.

    A message is validated when somebody first asks what became of it.
    """

    def __init__(self) -> None:
        self._accepted: list[tuple[Received, Arrival | str]] = []
        self._refused: list[Refused] = []

    @property
    def received(self) -> tuple[Received, ...]:
        """The messages that reach their dataset, in the order of arrival."""
        return tuple(
            message
            for message, end in tuple(self._accepted)
            if isinstance(end, Arrival) and end.is_ingested
        )

    @property
    def lost(self) -> tuple[Lost, ...]:
        """The messages that were acknowledged and do not reach their dataset."""
        return tuple(
            Lost(message, end if isinstance(end, str) else end.reason)
            for message, end in tuple(self._accepted)
            if isinstance(end, str) or not end.is_ingested
        )

    @property
    def refused(self) -> tuple[Refused, ...]:
        """The messages and requests with an error response."""
        return tuple(self._refused)

    def validate(self) -> None:
        """Validate the messages that nobody asked for yet."""
        for _, end in tuple(self._accepted):
            if isinstance(end, Arrival):
                _ = end.failures

    def keep(self, message: Received, arrival: Arrival) -> None:
        """Record a message that arrives in the data lake."""
        self._accepted.append((message, arrival))

    def lose(self, message: Received, reason: str) -> None:
        """Record a message that was acknowledged and lost."""
        self._accepted.append((message, reason))

    def refuse(self, refused: Refused) -> None:
        """Record a rejection."""
        self._refused.append(refused)
