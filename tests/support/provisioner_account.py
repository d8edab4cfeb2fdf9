"""An account whose provisioner records what it is asked."""

import io
import json
from typing import Any

from typer.testing import CliRunner

from inlet_bridge.cli.main import app
from tests.support.operator_account import OperatorAccount

FUNCTION = "bridge-ProvisionerFunction-1A2B"
STEP = {"action": "patch", "kind": "flows", "flow": "orders", "id": "f-1", "reason": "it is off"}


class Account(OperatorAccount):
    """The clients of an account with one stack, whose provisioner returns fixed responses."""

    def __init__(self) -> None:
        super().__init__()
        self.answers: list[dict[str, Any]] = []
        self.requests: list[dict[str, Any]] = []
        self.stacks: list[str] = []
        self.resources = {"ProvisionerFunction": FUNCTION}

    def stack_resources(self, StackName: str) -> list[dict[str, Any]]:  # noqa: N803
        self.stacks.append(StackName)
        return super().stack_resources(StackName)

    def invoke(self, FunctionName: str, Payload: bytes) -> dict[str, Any]:  # noqa: N803
        assert FunctionName == FUNCTION
        self.requests.append(json.loads(Payload))
        return {"Payload": io.BytesIO(json.dumps({"ok": True, **self.answers.pop(0)}).encode())}


def run(*arguments: str, answer: str = "") -> tuple[int, str]:
    result = CliRunner().invoke(
        app, list(arguments), input=answer, env={"COLUMNS": "200", "NO_COLOR": "1"}
    )
    return result.exit_code, result.output
