"""Tests of the connection commands: requests to the provisioner, and their output."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from inlet_bridge.cli.main import app
from inlet_bridge.operations.deployed import Deployed
from tests.support.operator_account import OperatorAccount

SCHEMA = "https://ns.adobe.com/acme/schemas/5f1c2d3e4a5b60718293a4b5c6d7e8f9"
STACK = "arn:aws:cloudformation:eu-central-1:111122223333:stack/sources-dev/3c8a1b2d-0f6e"
FUNCTION = "bridge-ProvisionerFunction-1A2B"
STEP = {"action": "patch", "kind": "flows", "flow": "orders", "id": "f-1", "reason": "it is off"}
CONNECTION = {
    "name": "orders",
    "owner": "direct",
    "usable": True,
    "parameters": {"inlet_id": "6" * 64},
    "drift": [],
    "sources": ["github"],
}
DRIFT = {"place": "adobe", "name": "flows/f-1 of flow orders", "reason": "it is disabled; patch it"}


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


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch) -> Account:
    account = Account()
    monkeypatch.setattr(Deployed, "_client", account.client)
    return account


def run(*arguments: str, answer: str = "") -> tuple[int, str]:
    result = CliRunner().invoke(
        app, list(arguments), input=answer, env={"COLUMNS": "200", "NO_COLOR": "1"}
    )
    return result.exit_code, result.output


TEMPLATE = """
Parameters:
  Stage: {Type: String, Default: dev}
  SourceName: {Type: String, Default: github}
Resources:
  Source:
    Type: Custom::WebhookSource
    Properties:
      ServiceToken: {Fn::ImportValue: !Sub "inlet-bridge-${Stage}-ServiceToken"}
      Name: !Ref SourceName
      Provider: github
      Secrets: [!Sub "/inlet-bridge/${Stage}/secrets/github"]
      Connection: !GetAtt Connection.Name
      Routes:
        - Map: {eventType: event_type}
          Flow: orders
  Connection:
    Type: Custom::StreamingConnection
    Properties:
      ServiceToken: {Fn::ImportValue: !Sub "inlet-bridge-${Stage}-ServiceToken"}
      Name: orders
      Flows: [{Name: orders, DatasetId: 65f0c1a2b3d4e5f60718293a, SchemaId: "SCHEMA"}]
""".replace("SCHEMA", SCHEMA)
SOURCE = {
    "Name": "github",
    "Provider": "github",
    "Secrets": ["/inlet-bridge/prod/secrets/github"],
    "Connection": "orders",
    "Routes": [{"Map": {"eventType": "event_type"}, "Flow": "orders"}],
}
CHAIN = {
    "Name": "orders",
    "Flows": [{"Name": "orders", "DatasetId": "65f0c1a2b3d4e5f60718293a", "SchemaId": SCHEMA}],
}


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The default file of the current folder."""
    monkeypatch.chdir(tmp_path)
    path = Path("sources.yaml")
    path.write_text(TEMPLATE)
    return path


@pytest.mark.parametrize("command", ["plan", "apply"])
def test_connections_are_created_before_their_sources(
    account: Account, file: Path, command: str
) -> None:
    """The stage is that of the deployment."""
    account.given = {"Stage": "prod"}
    account.answers = [{"steps": [STEP]}, {"writes" if command == "plan" else "written": True}]
    status, output = run(command, "--stack", "inlet-bridge-prod")

    assert status == 0, output
    assert account.requests == [
        {"action": command, "connection": CHAIN},
        {"action": command, "source": SOURCE},
    ]
    assert set(account.stacks) == {"inlet-bridge-prod"}
    assert "patch   flows orders f-1  it is off" in output
    if command == "plan":
        assert "its document would be written" in output
    else:
        assert "its document is written; every receiver uses it within 60 s" in output


@pytest.mark.parametrize("name", ["hub", "Source"])
def test_one_resource_is_applied(account: Account, file: Path, name: str) -> None:
    account.answers = [{"written": False, "warnings": ["w"]}]
    status, output = run("apply", name, "--parameter", "SourceName=hub", "--json")

    [request] = account.requests
    [resource] = json.loads(output)["resources"]
    assert status == 0
    assert request["source"]["Name"] == "hub"
    assert resource == {
        "kind": "source",
        "name": "hub",
        "logical_id": "Source",
        "written": False,
        "warnings": ["w"],
    }


def test_plan_of_a_resource_of_a_stack_names_the_stack(account: Account, file: Path) -> None:
    account.answers = [{"writes": True, "owner": f"{STACK}/Source"}]
    status, output = run("plan", "github")

    assert status == 0
    assert (
        "belongs to the resource Source of the stack sources-dev: deploy that to change it"
        in output
    )


def test_rejected_property_is_shown_with_its_line(account: Account, file: Path) -> None:
    error = "Routes.0.Map: eventType: reads evnt, which is not known"
    account.answers = [{"ok": False, "error": error, "property": "Routes.0.Map"}]
    status, output = run("apply", "github")

    assert status == 1
    assert f"sources.yaml:15: {error}; it is read as event_type" in output


def test_nothing_is_sent_if_a_resource_is_invalid(account: Account, file: Path) -> None:
    file.write_text(TEMPLATE.replace("!Ref SourceName", "!Ref Nam"))
    status, output = run("apply")

    assert status == 1
    assert "sources.yaml:10: there is no parameter and no resource Nam" in output
    assert account.requests == []


@pytest.mark.parametrize("command", ["plan", "apply"])
@pytest.mark.parametrize(
    "case",
    [
        (
            "Name: !Ref SourceName",
            "Nmae: !Ref SourceName",
            "sources.yaml:10: Nmae: there is no such property; is it Name, which is required?",
        ),
        (
            "      Name: orders\n      Flows",
            "      Nmae: orders\n      Flows",
            "sources.yaml:21: Nmae: there is no such property; is it Name, which is required?",
        ),
        (
            "Flow: orders",
            "Flow: events",
            "sources.yaml:16: Routes.0.Flow: connection orders has no",
        ),
        ("eventType: event_type", "eventType: lowr(event_type)", "is it lower()?"),
    ],
)
def test_everything_is_checked_before_anything_is_sent(
    account: Account, file: Path, command: str, case: tuple[str, str, str]
) -> None:
    old, new, sentence = case
    assert old in TEMPLATE
    file.write_text(TEMPLATE.replace(old, new).replace("!GetAtt Connection.Name", "orders"))
    status, output = run(command)

    assert status == 1
    assert sentence in output
    assert account.requests == []


def test_second_source_of_a_name_is_named(account: Account, file: Path) -> None:
    source = TEMPLATE.partition("  Source:\n")[2].partition("\n  Connection:")[0]
    file.write_text(f"{TEMPLATE}  Other:\n{source}")
    status, output = run("apply")

    assert status == 1
    assert "sources.yaml:27: Name: Other has the Name github of Source" in output
    assert "Give each source a Name of its own." in output
    assert account.requests == []


def test_resource_that_is_asked_for_and_has_no_name_is_named(account: Account, file: Path) -> None:
    file.write_text(TEMPLATE.replace("Name: !Ref SourceName", "Nmae: !Ref SourceName"))
    status, output = run("plan", "github")

    assert status == 1
    assert "sources.yaml:10: Source has no Name; is Nmae meant to be it?" in output


def test_warnings_are_printed(account: Account, file: Path) -> None:
    account.answers = [{"steps": [], "warnings": ["Adobe did not"]}, {"warnings": ["unsigned"]}]
    status, output = run("apply")

    assert status == 0
    assert "! Adobe did not" in output
    assert "! unsigned" in output


@pytest.mark.parametrize("text", ["x", "{}", "[1]", '{"connection": {}, "source": {}}'])
def test_file_of_something_else_is_rejected(account: Account, tmp_path: Path, text: str) -> None:
    path = tmp_path / "wanted.json"
    path.write_text(text)
    status, output = run("apply", "--file", str(path))

    assert status == 1
    assert "Failed" in output
    assert account.requests == []


def test_status_succeeds_without_drift(account: Account) -> None:
    account.answers = [{"connection": CONNECTION}]
    status, output = run("status", "orders", "--stack", "mine")

    assert status == 0
    assert account.stacks == ["mine"]
    assert "SSM, Adobe and the properties agree" in output


def test_status_reports_drift_and_fails(account: Account) -> None:
    source = {"name": "github", "path": "/webhooks/github"}
    account.answers = [{"connections": [CONNECTION | {"drift": [DRIFT]}], "sources": [source]}]
    status, output = run("status")

    assert status == 1
    assert "adobe flows/f-1 of flow orders: it is disabled; patch it" in output
    assert "source github: /webhooks/github" in output


def test_status_says_what_is_paused(account: Account) -> None:
    since = "2026-03-14T09:20:04+00:00"
    sources = [
        {"name": "github", "path": "/webhooks/github", "paused_since": since},
        {"name": "stripe", "path": "/webhooks/stripe", "paused_since": ""},
    ]
    account.answers = [{"connections": [CONNECTION | {"paused_since": since}], "sources": sources}]
    status, output = run("status")

    assert status == 0
    assert f"usable; owner: inlet apply, outside of a stack  paused since {since}\n" in output
    assert f"source github: /webhooks/github  paused since {since}\n" in output
    assert "source stripe: /webhooks/stripe\n" in output


def test_repair_prints_the_actions(account: Account) -> None:
    account.answers = [{"steps": [STEP]}]
    status, output = run("repair", "orders")

    assert status == 0
    assert account.requests == [{"action": "repair", "connection": "orders"}]
    assert "it is off" in output


@pytest.mark.parametrize(("answer", "status"), [("y\n", 0), ("n\n", 1)])
def test_destroy_asks_for_confirmation(account: Account, answer: str, status: int) -> None:
    account.answers = [{"connection": CONNECTION}, {"steps": [STEP | {"action": "delete"}]}]
    code, output = run("destroy", "orders", answer=answer)

    assert code == status
    assert "Delete the connection orders of inlet-bridge-dev for good?" in output
    destroyed = {"action": "destroy", "connection": "orders"} in account.requests
    assert destroyed == (status == 0)


@pytest.mark.parametrize(
    ("kind", "state"),
    [
        ("connection", CONNECTION | {"name": "nothing", "parameters": {}}),
        ("source", {"name": "nothing", "exists": False}),
    ],
)
def test_what_does_not_exist_is_not_deleted(
    account: Account, kind: str, state: dict[str, Any]
) -> None:
    account.answers = [{kind: state}]
    options = ["--source"] if kind == "source" else []
    status, output = run("destroy", "nothing", "--yes", *options)

    assert status == 1
    assert f"there is no {kind} nothing in inlet-bridge-dev" in output
    assert [each["action"] for each in account.requests] == ["status"]


def test_destroy_can_skip_the_confirmation(account: Account) -> None:
    account.answers = [{"source": {"name": "github"}}, {"deleted": True}]
    status, _ = run("destroy", "github", "--source", "--yes")

    assert status == 0
    assert account.requests[-1] == {"action": "destroy", "source": "github"}


def test_doctor_prints_remedies(account: Account) -> None:
    account.answers = [
        {
            "findings": [
                {"check": "IMS gives a token", "ok": True, "advice": ""},
                {"check": "source github has its secret", "ok": False, "advice": "put it there"},
            ]
        }
    ]
    status, output = run("doctor")

    assert status == 1
    assert "✓ IMS gives a token" in output
    assert "✗ source github has its secret\n  put it there" in output


def test_a_refusal_is_told_in_the_provisioners_words(account: Account) -> None:
    account.answers = [{"ok": False, "error": "Name: belongs to a stack; change it there"}]
    status, output = run("repair", "orders")

    assert status == 1
    assert "Name: belongs to a stack; change it there" in output
