"""Write the result of a run as JSON."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from inlet_bridge.cli.run_tables import addresses
from inlet_bridge.local.deployment import Bridge, Leftovers
from inlet_bridge.local.run import Result
from inlet_bridge.local.verdict import Verdict


class Report:
    """The report of a run, collected while it runs and written when it ends or fails."""

    def __init__(self) -> None:
        self._document: dict[str, Any] = {"ok": False}

    def failed(self, reason: str) -> None:
        """Record the error that ended the run."""
        self._document["error"] = reason

    def ran(self, result: Result, bridge: Bridge) -> None:
        """Record the sent webhooks and their checks."""
        self._document |= {
            "ok": result.held,
            "webhooks": [_webhook(verdict) for verdict in result.verdicts],
            "faults": list(result.faults),
            "balance": asdict(balance) if (balance := result.observations.balance) else None,
            "troubles": [] if result.held else list(map(str, bridge.logs.troubles())),
            "parameters": bridge.parameters.below("connections"),
            "addresses": dict(addresses(bridge)),
        }

    def deleted(self, leftovers: Leftovers) -> None:
        """Record that the stack was deleted."""
        self._document["leftovers"] = asdict(leftovers)
        self._document["ok"] = self._document["ok"] and leftovers.nothing

    def write(self, path: Path) -> None:
        """Write the report as JSON."""
        path.write_text(json.dumps(self._document, indent=2) + "\n", encoding="utf-8")


def _webhook(verdict: Verdict) -> dict[str, Any]:
    outcome = verdict.outcome
    return {
        "provider": outcome.webhook.sample.provider,
        "event": outcome.webhook.sample.event,
        "sent": outcome.webhook.variation,
        "accepted": outcome.webhook.refusal is None,
        "expected": list(verdict.expected),
        "status": outcome.status,
        "seconds": round((outcome.answered_at - outcome.sent_at).total_seconds(), 3),
        "delivery_id": outcome.delivery_id,
        "flow_id": outcome.flow_id,
        "xaction_id": verdict.xaction_id,
        "faults": list(verdict.faults),
    }
