"""What became of the accepted webhooks, by the records of the bridge and the batches of Adobe."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from inlet_bridge.local.deliveries import Record


@dataclass(frozen=True, slots=True)
class Balance:
    """The equation accepted = ingested + filtered + dead + failed + in flight.

    Attributes:
        accepted: distinct deliveries with a 2xx response.
        ingested: records that Adobe's batches count as written to the dataset.
        filtered: deliveries without a route.
        dead: deliveries in the dead-letter queue.
        failed: records that Adobe accepted and rejected later.
        in_flight: deliveries in the buffer, and records in batches that are not complete.
    """

    accepted: int
    ingested: int
    filtered: int
    dead: int
    failed: int
    in_flight: int

    @property
    def holds(self) -> bool:
        """Whether both sides are equal."""
        return self.accepted == (
            self.ingested + self.filtered + self.dead + self.failed + self.in_flight
        )

    def __str__(self) -> str:
        return (
            f"{self.accepted} accepted = {self.ingested} ingested + {self.filtered} filtered"
            f" + {self.dead} dead + {self.failed} failed + {self.in_flight} in flight"
        )

    def faults(self) -> list[str]:
        """Why not every accepted webhook was ingested or filtered; empty if they were."""
        faults = [] if self.holds else [f"the numbers differ: {self}"]
        if self.failed:
            faults.append(f"Adobe accepted {self.failed} messages and rejected them later")
        if self.dead:
            faults.append(f"{self.dead} webhooks are dead letters")
        if self.in_flight:
            faults.append(f"{self.in_flight} webhooks are not ingested yet")
        return faults


def balance_of(
    accepted: Iterable[tuple[str, str]],
    records: Mapping[tuple[str, str], Record],
    counts: Mapping[str, int],
) -> Balance:
    """Count.

    Args:
        accepted: source and delivery id of each accepted webhook.
        records: of the bridge, by the same names.
        counts: `ingested`, `failed` and `pending` records of the flow at Adobe.
    """
    keys = set(accepted)
    states = [records[key].state for key in keys if key in records]
    waiting = sum(state not in ("delivered", "filtered", "dead", "failed") for state in states)
    return Balance(
        accepted=len(keys),
        ingested=counts.get("ingested", 0),
        filtered=states.count("filtered"),
        dead=states.count("dead"),
        failed=counts.get("failed", 0),
        in_flight=waiting + counts.get("pending", 0),
    )
