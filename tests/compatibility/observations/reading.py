"""What the commands and the scheduled functions read of records."""

import json
from typing import Any

from bridge.delivery.record import OPEN
from tests.compatibility.installation import Installation
from tests.compatibility.observations.deliveries import dead_letters
from tests.compatibility.snapshots import Snapshot


def explained(opened: Installation, snapshot: Snapshot) -> dict[str, Any]:
    """What `inlet why` says of a delivery in each state, and of each class of dead letters."""
    ids = {
        tuple(item.get(name, {}).get("S", "") for name in ("state", "class", "batch")): item["id"]
        for item in snapshot.stored["deliveries"]
        if "id" in item
    }
    return {each["S"]: _why(opened, each["S"]) for _, each in sorted(ids.items())}


def listed(opened: Installation, _: Snapshot) -> dict[str, Any]:
    """What the lists say."""
    return {
        "deliveries": {
            state: opened.json_of("deliveries", "--state", state) for state in sorted(OPEN)
        },
        "failed": opened.json_of("failed", "list"),
        "dead letters": dead_letters(opened),
        "audit": opened.json_of("audit"),
        "ingested": opened.json_of("ingested", "--since", "2026-11-20T00:00:00"),
    }


def erased(opened: Installation, _: Snapshot) -> dict[str, Any]:
    """What `inlet erase` finds of a person."""
    where = "contains(to_string(body), 'a@example.com')"
    status, output = opened.command("erase", "--where", where, "--dry-run", "--wait", "0")
    rows = (line.strip("│ ").split("│") for line in output.splitlines() if "│" in line)
    return {"status": status, "rows": [[cell.strip() for cell in row] for row in rows]}


def reconciled(opened: Installation, _: Snapshot) -> dict[str, Any]:
    """What the next run of the reconciler makes of the recorded progress."""
    opened.pass_time(hours=1)
    return {"answer": opened.reconcile(), "ingested": opened.json_of("ingested")}


def _why(opened: Installation, name: str) -> dict[str, Any]:
    """An id that is a hash is searched for in the logs, of which there are none."""
    status, output = opened.command("why", name, "--json")
    return {"status": status, "said": output.split() if status else json.loads(output)}
