"""What is recorded about a source's webhooks at its vendor, in one SSM parameter.

It is written before a webhook is created, without its id: a webhook of which the record does not
know the id may exist, and its secret may be lost.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

from bridge.errors import UnavailableError
from bridge.provisioning.subscriptions.vendors import BY_PRESET

PARAMETER: Final = "subscription"
"""The name of the parameter below the source's document."""


@dataclass(frozen=True, slots=True)
class Registered:
    """A webhook at a vendor.

    Attributes:
        preset: of the catalogue; determines the vendor.
        target: the property that names what has the webhook; empty for the account.
        value: of that property.
        credential: reference of the credential, never its value.
        events: that it sends.
        id: at the vendor; empty until it is created and its secret is stored.
    """

    preset: str
    target: str
    value: str
    credential: str
    events: tuple[str, ...]
    id: str = ""

    @property
    def place(self) -> tuple[str, str, str]:
        """Where the webhook is; a list of another place does not show it."""
        return (BY_PRESET[self.preset].name, self.target, self.value)

    def with_id(self, hook_id: str) -> "Registered":
        """The same webhook with its id at the vendor."""
        return replace(self, id=hook_id)

    def as_document(self) -> dict[str, Any]:
        """The JSON form."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class SubscriptionRecord:
    """The webhook of a source, and those to remove since the source moved to another place."""

    current: Registered | None = None
    former: tuple[Registered, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether the vendors have nothing of the source."""
        return self.current is None and not self.former

    def moved_to(self, wanted: Registered) -> "SubscriptionRecord":
        """The record with a current webhook at another place, or of another credential.

        The webhook before is a former one; a former one that is wanted again keeps its id.
        """
        known = {(each.place, each.credential): each for each in self.former}
        if self.current:
            known[self.current.place, self.current.credential] = self.current
        again = known.pop((wanted.place, wanted.credential), None)
        current = replace(wanted, id=again.id) if again else wanted
        return SubscriptionRecord(current, tuple(known.values()))

    def settled(self, hook_id: str) -> "SubscriptionRecord":
        """The record with the id of the current webhook; empty if its secret is not certain."""
        return (
            self if self.current is None else replace(self, current=self.current.with_id(hook_id))
        )

    def to_text(self) -> str:
        """Encode as JSON."""
        document = {
            "current": self.current.as_document() if self.current else None,
            "former": [each.as_document() for each in self.former],
        }
        return json.dumps(document, separators=(",", ":"))

    @classmethod
    def from_text(cls, text: str) -> "SubscriptionRecord":
        """Decode. Raises UnavailableError."""
        try:
            document = json.loads(text)
            current = document["current"]
            return cls(
                _registered(current) if current else None,
                tuple(map(_registered, document["former"])),
            )
        except (ValueError, KeyError, TypeError) as exc:
            raise UnavailableError("the record of a subscription cannot be read") from exc


def _registered(document: Mapping[str, Any]) -> Registered:
    return Registered(**{**document, "events": tuple(document["events"])})
