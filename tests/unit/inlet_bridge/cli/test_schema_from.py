"""`inlet schema from` prints a template to deploy, or one sentence."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from bridge.provisioning.connections.properties import desired_chain
from inlet_bridge.cli import schema_from
from inlet_bridge.cli.main import app
from inlet_bridge.operations.errors import OperationError
from inlet_bridge.template_reading.declared_resources import DeclaredResources
from inlet_bridge.template_reading.yaml_reader import read_text


def run(tmp_path: Path, content: bytes, *options: str) -> Result:
    file = tmp_path / "New order.json"
    file.write_bytes(content)
    return CliRunner().invoke(app, ["schema", "from", str(file), "--tenant", "acme", *options])


def resources(result: Result) -> dict[str, Any]:
    assert result.exit_code == 0, result.output
    document = read_text(result.stdout, Path("sources.yaml")).content
    found: dict[str, Any] = document["Resources"]
    return found


def test_template_has_a_connection_and_a_source(tmp_path: Path) -> None:
    found = resources(run(tmp_path, b'{"id": "1"}', "--provider", "shopify"))
    connection = found["NewOrderConnection"]["Properties"]
    source = found["NewOrderSource"]["Properties"]

    computed = {"ServiceToken", "SettlingSeconds"}
    [flow] = desired_chain(
        {name: each for name, each in connection.items() if name not in computed}
    ).flows
    assert flow.schema
    assert flow.schema.name == "New order"
    assert source["Provider"] == "shopify"
    entity = {"eventType": "event_type", "_acme": {"id": "body.id"}}
    assert source["Routes"] == [{"Flow": "new-order", "Map": entity}]


def test_template_has_the_parameters_that_a_local_cloud_sets(tmp_path: Path) -> None:
    result = run(tmp_path, b'{"id": "1"}', "--provider", "shopify")
    file = tmp_path / "sources.yaml"
    file.write_text(result.stdout)
    given = {"SettlingSeconds": "5", "KeepBodies": "7"}
    sources = DeclaredResources(file, given, {})

    source = sources.source("new-order", frozenset({"Connection"}))
    assert source.properties["KeepBodies"] == "7"
    connection = sources.connection("new-order")
    assert connection
    assert connection.properties["SettlingSeconds"] == "5"


def test_record_has_no_event_type(tmp_path: Path) -> None:
    found = resources(run(tmp_path, b'{"id": "1"}', "--class", "Profile", "--name", "people"))

    assert found["PeopleSource"]["Properties"]["Routes"][0]["Map"] == {"_acme": {"id": "body.id"}}


def test_keys_of_samples_cannot_change_the_template(tmp_path: Path) -> None:
    body = {"a": "x", "b\nResources: {}\n#": None, "on": "y", "c: d": 1, "\u2028x": "z"}
    result = run(tmp_path, json.dumps(body).encode())

    [flow] = resources(result)["NewOrderConnection"]["Properties"]["Flows"]
    assert set(flow["Schema"]["Fields"]) == {"a", "on", "c_d", "x"}
    assert "y" not in result.output.split()


@pytest.mark.parametrize(
    ("content", "options", "sentence"),
    [
        (b"{", (), "is not JSON at line 1, column 2"),
        (b"\xff", (), "is not UTF-8 at byte 0"),
        (b"", (), "is empty"),
        (b"[" * 100_000, (), "is JSON that is nested too deeply"),
        (b"[{}]", (), "is no JSON object"),
        (b"{}", (), "the samples have no value to infer a field from"),
        (b"{}" + b" " * 1_000_000, (), "is larger than a webhook, 1000000 bytes"),
        (b'{"a": 1}', ("--name", "Orders"), "--name must be 1-63 lowercase letters"),
        (b'{"a": 1}', ("--provider", "a b"), "--provider must be the name of a preset"),
        (b'{"a": 1}', ("--class", "Order"), "Flows.0.Schema.Class: must be ExperienceEvent"),
        (b'{"a": 1}', ("--tenant", "a.b"), "--tenant must be letters, digits and underscores"),
        (
            json.dumps({f"f{number}": 1 for number in range(501)}).encode(),
            (),
            "takes at most 500 fields",
        ),
        (
            json.dumps({f"field{number:040}": 1 for number in range(400)}).encode(),
            (),
            "must not be longer than 8192 bytes",
        ),
    ],
)
def test_bad_input_gets_one_sentence(
    tmp_path: Path, content: bytes, options: tuple[str, ...], sentence: str
) -> None:
    result = run(tmp_path, content, *options)

    assert result.exit_code == 1
    assert sentence in " ".join(result.output.split())
    assert "Resources:" not in result.output


def test_only_a_part_is_taken(tmp_path: Path) -> None:
    found = resources(run(tmp_path, b'{"a": {"b": 1}, "c": 2}', "--only", "a.b"))

    [flow] = found["NewOrderConnection"]["Properties"]["Flows"]
    assert flow["Schema"]["Fields"] == {"a": {"b": "integer"}}


@dataclass
class Asked:
    """A deployed provisioner, or none."""

    tenant: str

    def ask(self, request: dict[str, Any]) -> dict[str, Any]:
        assert request == {"action": "tenant"}
        if not self.tenant:
            raise OperationError("there is no stack inlet-bridge-dev")
        return {"tenant": self.tenant}


def without_tenant(tmp_path: Path, tenant: str, monkeypatch: pytest.MonkeyPatch) -> Result:
    monkeypatch.setattr(schema_from, "Provisioner", lambda _: Asked(tenant))
    file = tmp_path / "order.json"
    file.write_text('{"id": "1"}')
    return CliRunner().invoke(app, ["schema", "from", str(file)])


def test_deployed_bridge_tells_the_tenant(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = resources(without_tenant(tmp_path, "umbrella", monkeypatch))

    [route] = found["OrderSource"]["Properties"]["Routes"]
    assert "_umbrella" in route["Map"]


def test_unknown_tenant_is_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    result = without_tenant(tmp_path, "", monkeypatch)

    assert result.exit_code == 1
    said = " ".join(result.output.split())
    assert "the ID of the tenant is not known: there is no stack inlet-bridge-dev" in said
    assert "--tenant" in said


def test_sample_of_an_editor_on_windows_is_read(tmp_path: Path) -> None:
    result = run(tmp_path, b'\xef\xbb\xbf{"id": "1"}')

    assert "id: body.id" in result.output


@pytest.mark.parametrize(
    ("content", "options", "reason"),
    [
        (b'{"a": null}', (), '"a" is null in all samples'),
        (b'{"a": [], "b": {"c": {}}}', (), '"a" is empty in all samples; "b.c" is empty'),
        (b'{"a": 1}', ("--only", "b.c"), "the samples have nothing at --only b.c"),
    ],
)
def test_samples_without_a_field_are_explained(
    tmp_path: Path, content: bytes, options: tuple[str, ...], reason: str
) -> None:
    result = run(tmp_path, content, *options)

    assert result.exit_code == 1
    assert reason in result.output


def test_endless_file_is_not_read_to_its_end() -> None:
    result = CliRunner().invoke(app, ["schema", "from", "/dev/zero", "--tenant", "acme"])

    assert result.exit_code == 1
    assert "/dev/zero is larger than a webhook" in " ".join(result.output.split())


@pytest.mark.parametrize(
    ("options", "status", "reason"),
    [
        (("--provider", "shopfy"), 1, "--provider must be the name of a preset"),
        (("--class", "Order"), 1, "or the $id of a class Give it as --class."),
    ],
)
def test_wrong_option_is_named(
    tmp_path: Path, options: tuple[str, ...], status: int, reason: str
) -> None:
    result = run(tmp_path, b'{"id": "1"}', *options)

    assert result.exit_code == status
    assert reason in " ".join(result.output.replace("│", " ").split())
    assert "--only" not in result.output
