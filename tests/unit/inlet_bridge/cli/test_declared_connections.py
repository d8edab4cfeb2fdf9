"""`inlet map` and `inlet plan` of a source whose connection the file declares, or changes."""

import io
import json
from pathlib import Path
from typing import Any

import pytest

from inlet_bridge.operations.deployed import Deployed
from tests.support.provisioner_account import Account, run

TEMPLATE = """Resources:
  Connection:
    Type: Custom::StreamingConnection
    Properties:
      ServiceToken: arn:aws:lambda:eu-central-1:111122223333:function:provisioner
      Name: linear
      Flows: [{Name: linear, FLOW}]
  Source:
    Type: Custom::WebhookSource
    Properties:
      ServiceToken: arn:aws:lambda:eu-central-1:111122223333:function:provisioner
      Name: linear
      Verification: iam
      Connection: !GetAtt Connection.Name
      Routes: [{Flow: linear, Map: {_acme: {title: body.title}}}]
"""
CREATING = "Schema: {Name: Linear, Fields: {title: string}}, Dataset: {Name: Linear}"
GIVEN = (
    "DatasetId: 65f0c1a2b3d4e5f60718293a, "
    'SchemaId: "https://ns.adobe.com/acme/schemas/5f1c2d3e4a5b60718293a4b5c6d7e8f9"'
)
SCHEMA = {
    "type": "object",
    "meta:class": "https://ns.adobe.com/xdm/context/profile",
    "properties": {"_acme": {"type": "object", "properties": {"title": {"type": "string"}}}},
}
NONE = {"ok": False, "property": "Connection", "error": "Connection: there is no connection linear"}


class Deployment(Account):
    """A deployment without the connection that the requests declare."""

    knows_declared = True

    def invoke(self, FunctionName: str, Payload: bytes) -> dict[str, Any]:  # noqa: N803
        request = json.loads(Payload)
        self.requests.append(request)
        answer: dict[str, Any] = {"ok": True, "data_type": "xdm", "flows": {"linear": SCHEMA}}
        answer |= {"namespaces": ["Email"], "writes": True, "warnings": ["mind it"]}
        if "declared" in request and not self.knows_declared:
            reason = "declared: give one of connection, source"
            answer = {"ok": False, "property": "declared", "error": reason}
        elif "declared" not in request and (request["action"], "source" in request) != (
            "plan",
            False,
        ):
            answer = NONE
        if request["action"] == "plan" and "connection" in request:
            step = {"action": "create", "kind": "connections", "flow": "", "id": ""}
            answer = {"ok": True, "steps": [{**step, "reason": "it does not exist"}]}
        return {"Payload": io.BytesIO(json.dumps(answer).encode())}


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch) -> Deployment:
    account = Deployment()
    monkeypatch.setattr(Deployed, "_client", account.client)
    return account


@pytest.fixture(params=[CREATING, GIVEN])
def file(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    path = tmp_path / "linear.yaml"
    path.write_text(TEMPLATE.replace("FLOW", request.param))
    return path


def map_sample(file: Path) -> tuple[int, str]:
    sample = file.parent / "sample.json"
    sample.write_text('{"title": "a"}')
    return run("map", "linear", str(sample), "--file", str(file), "--stack", "bridge")


def test_messages_are_previewed_before_the_connection_exists(
    account: Deployment, file: Path
) -> None:
    status, output = map_sample(file)

    assert status == 0, output
    assert '"_acme"' in output
    assert "!" not in output
    assert account.requests[-1]["declared"]["Name"] == "linear"


@pytest.mark.parametrize("only", [(), ("Source",)])
def test_source_is_planned_with_its_connection(
    account: Deployment, file: Path, only: tuple[str, ...]
) -> None:
    status, output = run("plan", *only, "--file", str(file), "--stack", "bridge")

    assert status == 0, output
    assert "its document would be written" in output
    assert "mind it" in output
    assert account.requests[-1]["declared"]["Flows"][0]["Name"] == "linear"


def test_earlier_version_is_asked_as_before(account: Deployment, file: Path) -> None:
    account.knows_declared = False

    for status, output in (
        map_sample(file),
        run("plan", "--file", str(file), "--stack", "bridge"),
    ):
        assert status == 1
        assert "yaml:14: Connection: there is no connection linear" in output


def test_logical_id_in_place_of_a_connection_is_answered_with_its_line(
    account: Deployment, file: Path
) -> None:
    file.write_text(file.read_text().replace("!GetAtt Connection.Name", "Connection"))
    status, output = map_sample(file)

    assert status == 1
    said = "of the resource Connection, write !GetAtt Connection.Name"
    assert f"linear.yaml:14: Connection: must be the Name of a connection; {said}" in " ".join(
        output.split()
    )
    assert account.requests == []


def test_two_sources_of_one_name_are_not_previewed(account: Deployment, file: Path) -> None:
    text = file.read_text()
    file.write_text(f"{text}{text[text.index('  Source:') :].replace('  Source:', '  Other:')}")
    status, output = map_sample(file)

    assert status == 1
    assert "linear.yaml:20: Name: Other has the Name linear of Source" in output
    assert account.requests == []


@pytest.mark.parametrize(("primary", "notes"), [("true", 1), ("false", 0)])
def test_message_without_the_primary_identity_is_pointed_out(
    tmp_path: Path, primary: str, notes: int
) -> None:
    identity = f"{{Field: _acme.mail, Namespace: Email, Primary: {primary}}}"
    schema = f"Schema: {{Name: Linear, Fields: {{mail: string}}, Identities: [{identity}]}}"
    file = tmp_path / "linear.yaml"
    file.write_text(TEMPLATE.replace("FLOW", f"{schema}, Dataset: {{Name: Linear}}"))
    sample = tmp_path / "sample.json"
    said = "! the message has no _acme.mail, the primary identity of its schema: Adobe requires it"
    for expression, count in (("title: body.title", notes), ("mail: body.title", 0)):
        sample.write_text('{"title": "a"}')
        file.write_text(file.read_text().replace("title: body.title", expression))
        status, output = run("map", "linear", str(sample), "--file", str(file))
        assert (status, output.count(said)) == (0, count), output
