"""Run commands for a deployed bridge, and write what its functions log."""

import json
from typing import Any

from typer.testing import CliRunner

from inlet_bridge.cli.main import app


def run(*arguments: str, status: int = 0) -> str:
    """Return the output of a command."""
    return " ".join(" ".join(run_lines(*arguments, status=status)).split())


def run_lines(*arguments: str, status: int = 0) -> list[str]:
    """Return the lines of the output of a command."""
    result = CliRunner().invoke(app, list(arguments), env={"NO_COLOR": "1"})
    assert result.exit_code == status, result.output
    return result.output.splitlines()


def outcome(message: str, delivery_id: str, source: str = "github", **others: str) -> Any:
    """What a function logs of one delivery."""
    return {"message": message, "source": source, "delivery_id": delivery_id, **others}


def batch(*delivery_ids: str, source: str = "github") -> Any:
    """What the forwarder logs of a batch."""
    each = [
        {"source": source, "delivery_id": name, "xaction_id": f"x-{name}"} for name in delivery_ids
    ]
    return {"message": "delivered", "flow_id": "f", "deliveries": each}


REQUEST = "XyZ1aH2ULiAEJfg="


def refused(request_id: str = REQUEST, source: str = "github", **more: Any) -> dict[str, Any]:
    """What the receiver logs of a request that it rejects."""
    line = {"message": "refused", "source": source, "status": 401, "request_id": request_id}
    return {**line, "reason": "no signature matches", **more}


def listed(*arguments: str) -> Any:
    return json.loads("".join(run_lines(*arguments, "--json")))
