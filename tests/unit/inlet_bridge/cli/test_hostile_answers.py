"""Tests of hostile text from the provisioner, AWS, files and the command line."""

import io
import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import ClientError

from bridge.strict_json import read_json
from inlet_bridge.operations.deployed import Deployed
from tests.support.hostile_runs import NAME, run
from tests.support.hostile_text import HOSTILE, MARKUP
from tests.support.operator_account import OperatorAccount

STEP = dict.fromkeys(("action", "kind", "flow", "id", "reason"), HOSTILE)
CONNECTION = {
    "name": HOSTILE,
    "owner": HOSTILE,
    "usable": True,
    "parameters": {HOSTILE: HOSTILE},
    "drift": [dict.fromkeys(("place", "name", "reason"), HOSTILE)],
}
SOURCE = {"name": HOSTILE, "path": HOSTILE}
DONE = {
    "ok": True,
    "steps": [STEP],
    "warnings": [HOSTILE],
    "connection": CONNECTION,
    "connections": [CONNECTION],
    "source": SOURCE,
    "sources": [SOURCE],
    "findings": [{"check": HOSTILE, "ok": False, "advice": HOSTILE}],
}


def of_source(properties: dict[str, Any]) -> str:
    resource = {"Type": "Custom::WebhookSource", "Properties": {"Name": "x", **properties}}
    return json.dumps({"Resources": {"Source": resource}})


def answering(monkeypatch: pytest.MonkeyPatch, payload: bytes) -> None:
    """Make the provisioner return a payload."""
    operator = OperatorAccount()
    operator.given = {"AlarmTopicArn": HOSTILE}
    operator.resources = {"ProvisionerFunction": "p"}
    account = SimpleNamespace(
        describe_stacks=operator.describe_stacks,
        get_account_settings=operator.get_account_settings,
        get_service_setting=operator.get_service_setting,
        get_topic_attributes=operator.get_topic_attributes,
        get_paginator=operator.get_paginator,
        invoke=lambda **_: {"Payload": io.BytesIO(payload)},
    )
    monkeypatch.setattr(Deployed, "_client", lambda *_, **__: account)


FLOW = {
    "Name": "f",
    "DatasetId": "a" * 24,
    "SchemaId": f"https://ns.adobe.com/a/schemas/{'b' * 32}",
}


@pytest.fixture
def wanted(tmp_path: Path) -> str:
    resources = {
        "C": {
            "Type": "Custom::StreamingConnection",
            "Properties": {"Name": "c", "Description": HOSTILE, "Flows": [FLOW]},
        },
        "S": {
            "Type": "Custom::WebhookSource",
            "Properties": {"Name": "s", "Provider": "github", "Connection": "c"},
        },
    }
    file = tmp_path / "wanted.json"
    file.write_text(json.dumps({"Resources": resources}))
    return str(file)


def asked(wanted: str) -> list[tuple[str, ...]]:
    return [
        *(
            ("plan", "--file", wanted),
            ("apply", "--file", wanted),
            ("status",),
            ("status", NAME),
            ("repair", NAME),
        ),
        *(("destroy", NAME), ("destroy", NAME, "--source", "--yes"), ("doctor",)),
    ]


def test_actions_of_the_provisioner_are_printed_safely(
    monkeypatch: pytest.MonkeyPatch, wanted: str
) -> None:
    answering(monkeypatch, json.dumps(DONE).encode())

    for arguments in asked(wanted):
        assert MARKUP in run(*arguments, answer="y\n"), arguments


@pytest.mark.parametrize("field", ["error", "errorMessage"])
def test_errors_of_the_provisioner_are_printed_safely(
    monkeypatch: pytest.MonkeyPatch, wanted: str, field: str
) -> None:
    answering(monkeypatch, json.dumps({"ok": False, field: HOSTILE}).encode())

    for arguments in asked(wanted):
        assert MARKUP in run(*arguments), arguments


@pytest.mark.parametrize("payload", [HOSTILE.encode(), b"[", b"[" * 100_000, b"1", b""])
def test_invalid_response_is_rejected(
    monkeypatch: pytest.MonkeyPatch, wanted: str, payload: bytes
) -> None:
    answering(monkeypatch, payload)

    for arguments in asked(wanted):
        assert "the provisioner says: no answer" in run(*arguments), arguments


def test_errors_of_aws_are_printed_safely(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        answer: Any = {"Error": {"Code": HOSTILE, "Message": HOSTILE}}
        raise ClientError(answer, "ListStackResources")

    operations = ("describe_stacks", "get_paginator")
    refusing = SimpleNamespace(**dict.fromkeys(operations, refuse))
    for client in (lambda *_: refusing, refuse):
        monkeypatch.setattr(Deployed, "_client", client)

        for arguments in (("audit",), ("doctor",), ("pause", "github")):
            assert MARKUP in run(*arguments), arguments


@pytest.mark.parametrize("body", [{"a": HOSTILE, HOSTILE: [HOSTILE, "\ud800"]}, [], HOSTILE])
def test_mapped_messages_are_printed_safely(tmp_path: Path, body: Any) -> None:
    template, sample = tmp_path / "template.yaml", tmp_path / "a\x1b[2J\u202e.json"
    routes = [{"Flow": "events", "Map": {HOSTILE: "body", "b": "headers.x"}}]
    given = {"Provider": "github", "Connection": "c", "Unsigned": ["header:x"], "Routes": routes}
    template.write_text(of_source(given))
    sample.write_text(json.dumps(body))
    options = ["--file", str(template), "--event-type", NAME, "--header", f"x={NAME}"]
    options += ["--header", f"x-github-delivery={NAME}"]

    assert MARKUP in run("map", "x", str(sample), *options)
    document = json.loads(run("map", "x", str(sample), *options, "--json"))
    assert document[str(sample)]["event_type"] == NAME


@pytest.mark.parametrize("text", ["1e999", "[" * 5_000 + "]" * 5_000, "[" * 100_000, "9" * 5_000])
def test_values_without_a_json_form_are_printed_safely(tmp_path: Path, text: str) -> None:
    template, sample = tmp_path / "template.yaml", tmp_path / "sample.json"
    template.write_text(of_source({"Provider": "github", "Connection": "c"}))
    sample.write_text(f'{{"a": {text}}}')

    run("map", "x", str(sample), "--file", str(template))
    assert read_json(run("map", "x", str(sample), "--file", str(template), "--json"))


@pytest.mark.parametrize(
    "text", [HOSTILE, f"a: [{HOSTILE}", json.dumps({"Resources": {HOSTILE: 1}}), "[" * 10_000]
)
def test_names_of_unusable_files_are_printed_safely(tmp_path: Path, text: str) -> None:
    file = tmp_path / "file\x1b[2J"
    file.write_text(text)

    assert "Failed" in run("map", NAME, str(file), "--file", str(file))
    assert "Failed" in run("plan", NAME, "--file", str(file))


def test_fields_of_a_schema_are_printed_safely(monkeypatch: pytest.MonkeyPatch) -> None:
    field = {"type": "string", "format": HOSTILE, "enum": [HOSTILE]}
    answer = {"ok": True, "data_type": "xdm", "namespaces": []}
    answer["flows"] = {HOSTILE: {"properties": {HOSTILE: field}}}
    answering(monkeypatch, json.dumps(answer).encode())

    assert MARKUP in run("schema", "show", "c")
    run("schema", "show", f"c/{NAME}")
