"""All observations: each of an installation of its own, and stored beside the samples."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from tests.compatibility.installation import Installation
from tests.compatibility.observations import deliveries, provisioning, reading
from tests.compatibility.snapshots import Snapshot

type Observe = Callable[[Installation, Snapshot], dict[str, Any]]

OBSERVATIONS: Final[Mapping[str, Observe]] = {
    "received": deliveries.received,
    "forwarded": deliveries.forwarded,
    "redriven": deliveries.redriven,
    "replayed": deliveries.replayed,
    "explained": reading.explained,
    "listed": reading.listed,
    "erased": reading.erased,
    "reconciled": reading.reconciled,
    "unchanged": provisioning.unchanged,
    "updated": provisioning.updated,
    "deleted": provisioning.deleted,
}


def observed(name: str, snapshot: Snapshot) -> dict[str, Any]:
    """What today's code makes of the samples."""
    with snapshot.opened() as opened:
        return OBSERVATIONS[name](opened, snapshot)
