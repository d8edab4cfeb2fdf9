"""Tests of hostile text in files that are edited, and of hostile names at Adobe."""

import json
from pathlib import Path

import pytest

from inlet_bridge.initialization.experience_platform import Dataset, ExperiencePlatform, Sandbox
from inlet_bridge.operations.account.secret_store import SecretStore
from inlet_bridge.operations.account.stage import Stage
from tests.support.hostile_runs import NAME, run
from tests.support.hostile_text import HOSTILE, MARKUP


@pytest.mark.parametrize("text", [HOSTILE, f"a: [{NAME}", f"Resources: {{a: {MARKUP}", "a = ["])
def test_contents_of_edited_files_are_printed_safely(tmp_path: Path, text: str) -> None:
    file = tmp_path / "file\x1b[2J"
    file.write_text(text)

    assert "Failed" in run("add", "stripe", "--offline", "--file", str(file))
    assert "Failed" in run("init", "--samconfig", str(file))


def test_names_at_adobe_are_printed_safely(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sandbox, dataset = Sandbox(HOSTILE, HOSTILE, HOSTILE), Dataset(HOSTILE, NAME, HOSTILE, HOSTILE)
    account = {
        "client_id": "id",
        "client_secret": "secret",
        "org_id": "0A@AdobeOrg",
        "scopes": "openid",
    }
    (tmp_path / "adobe.json").write_text(json.dumps(account))
    monkeypatch.setattr(Stage, "deployment", lambda _: None)
    monkeypatch.setattr(SecretStore, "get", lambda *_: None)
    monkeypatch.setattr(ExperiencePlatform, "sandboxes", lambda _: [sandbox])
    monkeypatch.setattr(ExperiencePlatform, "datasets", lambda _: [dataset])
    output = run(
        *(
            "init",
            "--stage",
            "dev",
            "--region",
            "eu-west-1",
            "--credentials",
            str(tmp_path / "adobe.json"),
        ),
        *("--samconfig", str(tmp_path / "samconfig.toml")),
        answer="\n\nx\n",
    )

    assert "Sandbox" in output
    assert "must be a number of days" in output


@pytest.mark.parametrize("text", [HOSTILE, NAME, MARKUP])
def test_samples_of_a_schema_are_printed_safely(tmp_path: Path, text: str) -> None:
    sample = tmp_path / "sample.json"
    sample.write_text(json.dumps({"id": text, text: {"a": 1}, "list": [{text: text}]}))
    broken = tmp_path / "broken\x1b[2J.json"
    broken.write_text(text)

    run("schema", "from", str(sample), "--tenant", "acme", "--name", "orders")
    assert "Failed" in run("schema", "from", str(sample), "--tenant", text, "--name", text)
    assert "Failed" in run("schema", "from", str(broken), "--tenant", "acme")
