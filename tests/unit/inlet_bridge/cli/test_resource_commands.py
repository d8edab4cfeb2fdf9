"""Tests of `inlet plan` and `inlet apply`."""

import json
from pathlib import Path

import pytest

from inlet_bridge.operations.deployed import Deployed
from tests.support.provisioner_account import STEP, Account, run

SCHEMA = "https://ns.adobe.com/acme/schemas/5f1c2d3e4a5b60718293a4b5c6d7e8f9"
STACK = "arn:aws:cloudformation:eu-central-1:111122223333:stack/sources-dev/3c8a1b2d-0f6e"


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch) -> Account:
    account = Account()
    monkeypatch.setattr(Deployed, "_client", account.client)
    return account


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


@pytest.mark.parametrize("command", ["plan", "apply"])
@pytest.mark.parametrize(
    ("name", "reason"),
    [("ordrs", "is it orders?"), ("githb", "is it github?"), ("x", "there is github, orders")],
)
def test_unknown_name_is_refused_with_those_of_the_file(
    account: Account, tmp_path: Path, command: str, name: str, reason: str
) -> None:
    file = tmp_path / "sources.yaml"
    file.write_text(TEMPLATE)

    status, output = run(command, name, "--file", str(file))

    assert status == 1
    assert f"has no connection or source {name}; {reason}" in " ".join(output.split())
    assert account.requests == []


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
    declared = {"declared": CHAIN} if command == "plan" else {}
    assert account.requests == [
        {"action": command, "connection": CHAIN},
        {"action": command, "source": SOURCE, **declared},
    ]
    read = {"inlet-bridge-prod", "inlet-bridge-prod-sources"} if command == "plan" else set()
    assert set(account.stacks) == {"inlet-bridge-prod"} | read
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


def test_plan_lists_the_fields_that_it_creates(account: Account, file: Path) -> None:
    fields = "{a: {b: string, c: [{d: number}]}, e: [date]}"
    creating = f"Schema: {{Name: Orders, Fields: {fields}}}, Dataset: {{Name: Orders}}"
    given = f'DatasetId: 65f0c1a2b3d4e5f60718293a, SchemaId: "{SCHEMA}"'
    file.write_text(TEMPLATE.replace(given, creating))
    step = {"action": "create", "kind": "fieldgroups", "flow": "orders", "id": "", "reason": "new"}
    for action, lines in (("create", 3), ("nothing", 0)):
        account.answers = [{"steps": [{**step, "action": action}]}]
        status, output = run("plan", "orders", "--stack", "inlet-bridge-prod")
        assert status == 0, output
        shown = ["orders: a.b  string", "orders: a.c[].d  number", "orders: e[]  list of date"]
        assert sum(f"+ {each}" in output for each in shown) == lines
