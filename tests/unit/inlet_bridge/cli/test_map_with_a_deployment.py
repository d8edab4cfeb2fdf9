"""`inlet map` with the schemas of a deployment, and with Adobe's verdict."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from inlet_bridge.cli.main import app
from inlet_bridge.operations.deployed import Deployed
from tests.support.operator_account import OperatorAccount

TEMPLATE = """Parameters:
  Stage: {Type: String, Default: dev}
  ConnectionName: {Type: String, Default: orders}
Resources:
  Connection:
    Type: Custom::StreamingConnection
    Properties: {Name: !Ref ConnectionName, Flows: [{Name: events}]}
  Source:
    Type: Custom::WebhookSource
    Properties:
      Name: shop
      Provider: github
      Secrets: [!Sub "/inlet-bridge/${Stage}/secrets/shop"]
      Connection: !GetAtt Connection.Name
      Routes: [{Flow: events, Map: body, Identity: {Email: body.mail}}]
"""
SCHEMA = {
    "type": "object",
    "meta:class": "https://ns.adobe.com/xdm/context/profile",
    "additionalProperties": False,
    "properties": {
        "level": {"type": "string", "enum": ["gold"]},
        "mail": {"type": "string"},
        "identityMap": {"type": "object"},
    },
}


class Account(OperatorAccount):
    """An account with one stack, whose provisioner knows one connection."""

    def __init__(self) -> None:
        super().__init__()
        self.requests: list[dict[str, Any]] = []
        self.schema: dict[str, Any] | None = SCHEMA
        self.passed: object = True
        self.error = ""
        self.resources = {"ProvisionerFunction": "f"}

    def stack_resources(self, StackName: str) -> list[dict[str, Any]]:  # noqa: N803
        assert StackName == "bridge"
        return super().stack_resources(StackName)

    def invoke(self, FunctionName: str, Payload: bytes) -> dict[str, Any]:  # noqa: N803
        assert FunctionName == "f"
        request = json.loads(Payload)
        self.requests.append(request)
        answer: dict[str, Any] = {
            "data_type": "xdm",
            "flows": {"events": self.schema},
            "namespaces": ["ECID", "Email"],
        }
        if self.error:
            answer = {"error": f"Connection: {self.error}", "property": "Connection"}
        if request["action"] == "validate":
            reasons = [] if self.passed else ["#/level: is not a valid enum value"]
            verdict = {"passed": self.passed, "reasons": reasons}
            answer = {"verdict": {**verdict, "sandbox": "dev", "sandbox_type": ""}}
        return {"Payload": io.BytesIO(json.dumps({"ok": True, **answer}).encode())}


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch) -> Account:
    account = Account()
    monkeypatch.setattr(Deployed, "_client", account.client)
    return account


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    template, sample = tmp_path / "template.yaml", tmp_path / "sample.json"
    template.write_text(TEMPLATE)
    sample.write_text('{"level": "gold", "mail": "a@b.c"}')
    return template, sample


def run(files: tuple[Path, Path], *options: str) -> tuple[int, str]:
    template, sample = files
    given = ["map", "shop", str(sample), "--file", str(template), *options]
    result = CliRunner().invoke(app, given, env={"COLUMNS": "400", "NO_COLOR": "1"})
    return result.exit_code, result.output


def test_messages_are_compared_with_the_deployed_schema(
    account: Account, files: tuple[Path, Path]
) -> None:
    assert run(files, "--stack", "bridge")[0] == 0
    assert account.requests == [{"action": "schemas", "connection": "orders"}]
    files[1].write_text('{"level": "Gold"}')
    status, output = run(files, "--stack", "bridge")

    assert status == 1
    assert "the message does not fit its schema: enum at level: it takes " in " ".join(
        output.split()
    )
    assert "_id" not in output  # The class has none.


def test_namespaces_are_compared(account: Account, files: tuple[Path, Path]) -> None:
    files[0].write_text(TEMPLATE.replace("{Email: body", "{email: body"))
    status, output = run(files, "--stack", "bridge")

    assert status == 1
    assert "Routes.0.Identity.email: the sandbox spells this namespace Email" in output
    assert account.requests


@pytest.mark.usefixtures("account")
def test_unknown_namespace_is_described_as_at_the_deployment(files: tuple[Path, Path]) -> None:
    files[0].write_text(TEMPLATE.replace("{Email: body", "{Emial: body"))
    status, output = run(files, "--stack", "bridge")

    assert status == 0
    assert (
        "! the sandbox has no identity namespace Emial; is it Email? Create it, or Adobe ignores"
        " the identity. It has ECID, Email"
    ) in " ".join(output.split())


def test_file_replaces_the_deployed_schema(
    account: Account, files: tuple[Path, Path], tmp_path: Path
) -> None:
    file = tmp_path / "schema.json"
    file.write_text('{"properties": {"level": {"type": "integer"}}}')

    status, output = run(files, "--stack", "bridge", "--schema", f"events={file}")
    assert status == 1
    assert "does not fit its schema" in output
    assert account.requests


def test_schema_that_cannot_be_read_is_stated(account: Account, files: tuple[Path, Path]) -> None:
    account.schema = None

    status, output = run(files, "--stack", "bridge")
    assert status == 0
    assert "the schema of events cannot be read; `inlet doctor` says why" in output


@pytest.mark.parametrize(
    ("verdict", "status", "text"),
    [
        (True, 0, "✓ Adobe: valid, and ingested"),
        (False, 1, "✗ Adobe: #/level: is not a valid enum value"),
        (None, 0, "! Adobe did not validate it"),
    ],
)
def test_adobe_is_asked(
    account: Account, files: tuple[Path, Path], verdict: object, status: int, text: str
) -> None:
    account.passed = verdict
    code, output = run(files, "--stack", "bridge", "--validate-at-adobe")

    assert code == status
    assert text in output
    assert "Adobe does not say whether it is for development" in output
    [_, request] = account.requests
    identities = {"Email": [{"id": "a@b.c", "primary": True}]}
    message = {"level": "gold", "mail": "a@b.c", "identityMap": identities}
    assert request == {
        "action": "validate",
        "connection": "orders",
        "flow": "events",
        "message": message,
    }


def test_unknown_connection_is_named_with_its_line(
    account: Account, files: tuple[Path, Path]
) -> None:
    account.error = "there is no connection order; is it orders?"
    files[0].write_text(TEMPLATE.replace("!GetAtt Connection.Name", "order"))
    status, output = run(files, "--stack", "bridge")

    assert status == 1
    assert "yaml:14: Connection: there is no connection order; is it orders?\n" in output
    assert "provisioner" not in output


@pytest.mark.usefixtures("account")
def test_unknown_connection_cannot_be_validated(files: tuple[Path, Path]) -> None:
    files[0].write_text(
        TEMPLATE.replace("!GetAtt Connection.Name", "!Ref Unknown").replace(
            "Resources:", "  Unknown: {Type: String}\nResources:", 1
        )
    )
    status, output = run(files, "--stack", "bridge", "--validate-at-adobe")

    assert status == 1
    assert "the name of the Connection of source shop is not known from the file" in output
    assert "Write the name, or give the parameters that it is made of" in output


@pytest.mark.parametrize(("name", "notices"), [("order", 1), ("webhooks", 0)])
def test_connection_like_one_of_the_file_is_noticed_without_a_deployment(
    files: tuple[Path, Path], name: str, notices: int
) -> None:
    files[0].write_text(TEMPLATE.replace("!GetAtt Connection.Name", name))
    status, output = run(files)

    assert status == 0
    said = "yaml:14: Connection: the file has no connection order; is it orders?\n"
    assert output.count(said) == notices


def test_adobe_is_not_asked_without_a_deployment(files: tuple[Path, Path]) -> None:
    status, output = run(files, "--validate-at-adobe")

    assert status == 2
    assert "needs --stack" in output


@pytest.mark.usefixtures("account")
@pytest.mark.parametrize(
    ("old", "new", "line", "reason"),
    [
        ("      Connection:", "      Conection:", 14, "no such property; is it Connection?"),
        ("      Connection:", "      Provder: a\n      Connections:", 14, "is it Provider?"),
        ("      Connection: !GetAtt Connection.Name\n", "", 0, "source shop has no Connection"),
        ("${Stage}", "${Stge}", 13, "no parameter and no resource Stge; is it Stage?"),
        ('!Sub "/inlet-bridge/${Stage}/secrets/shop"', "!Ref Sotre", 13, "no resource Sotre"),
    ],
)
def test_misspelled_name_is_an_error_with_a_deployment(
    files: tuple[Path, Path], old: str, new: str, line: int, reason: str
) -> None:
    """The schemas of a deployment are those of the connection, which the source must name."""
    assert old in TEMPLATE
    files[0].write_text(TEMPLATE.replace(old, new, 1))
    status, output = run(files, "--stack", "bridge")

    assert status == 1
    assert reason in " ".join(output.split())
    assert not line or f"{files[0]}:{line}: " in " ".join(output.split())
    assert "--parameter" not in output
