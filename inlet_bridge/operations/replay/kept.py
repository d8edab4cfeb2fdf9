"""Find the kept webhooks that a replay selects."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Protocol

from bridge.adapters.aws.delivery_items import key_item
from bridge.delivery.delivery import Delivery
from bridge.delivery.kept import MOST_DAYS
from inlet_bridge.operations.bodies.damaged_body import DamagedBody
from inlet_bridge.operations.deployed import Deployed
from inlet_bridge.operations.records.keys import possible_keys

LONGEST: Final = timedelta(days=MOST_DAYS + 1)
"""The longest time for which bodies are kept, and a day."""


class Kept(Protocol):
    """The kept bodies of a deployment."""

    def between(
        self, source: str, since: datetime, until: datetime
    ) -> Iterator[Delivery | DamagedBody]:
        """The webhooks of a source that were received within a time, oldest first."""

    def count(self, source: str, since: datetime, until: datetime) -> int:
        """How many these are."""

    def find(self, source: str, received_at: datetime, key: str) -> Delivery | None:
        """One webhook; None if it is not kept, or not any more. Raises DamagedBodyError."""


type Selected = tuple[Delivery, frozenset[str]]
"""A webhook, and the keys of its deliveries that are selected; none selects all."""


def named(deployed: Deployed, kept: Kept, source: str, delivery_id: str) -> list[Selected]:
    """The kept webhooks of the deliveries with this ID, by their records."""
    keys = possible_keys(delivery_id)
    client: Any = deployed.dynamodb
    answer = client.batch_get_item(
        RequestItems={
            deployed.deliveries: {
                "Keys": [key_item((source, key)) for key in keys],
                "ConsistentRead": True,
            }
        }
    )
    found: dict[tuple[str, datetime], set[str]] = {}
    for item in answer["Responses"].get(deployed.deliveries, []):
        texts = {name: str(next(iter(value.values()))) for name, value in item.items()}
        if texts.get("kept"):
            received_at = datetime.fromisoformat(texts["received_at"])
            found.setdefault((texts["kept"], received_at), set()).add(texts["delivery_id"])
    selected = []
    for (whole, received_at), chosen in found.items():
        webhook = kept.find(source, received_at, whole)
        if webhook:
            selected.append((webhook, frozenset() if whole in chosen else frozenset(chosen)))
    return selected


def position_of(webhook: Delivery) -> tuple[datetime, str]:
    """Where a webhook is in the order of kept bodies."""
    return webhook.received_at.astimezone(UTC), webhook.key
