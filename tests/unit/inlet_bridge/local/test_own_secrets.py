"""Tests of the secrets that a new local cloud gets for the sources of a file."""

from pathlib import Path

import pytest

from bridge.verification.catalogue import PRESETS
from bridge.verification.stored_secrets import stored_secret
from inlet_bridge.local.own_secrets import own_secrets
from inlet_bridge.local.workspace import SOURCES_FILE

VALUES = {"Stage": "local", "DatasetId": "a" * 24, "SchemaId": "https://ns.adobe.com/a"}
SOURCE = """\
  {name}:
    Type: Custom::WebhookSource
    Properties:
      ServiceToken: {{Fn::ImportValue: !Sub "inlet-bridge-${{Stage}}-ServiceToken"}}
      Name: {name}
      Provider: {provider}
      Secrets: {secrets}
      Connection: !GetAtt Elsewhere.Name
"""


def file_with(folder: Path, *sources: str) -> Path:
    file = folder / "sources.yaml"
    file.write_text("Parameters: {Stage: {Type: String}}\nResources:\n" + "".join(sources))
    return file


def test_each_secret_has_the_form_of_its_provider(tmp_path: Path) -> None:
    file = file_with(
        tmp_path,
        SOURCE.format(
            name="one", provider="linear", secrets='[!Sub "/inlet-bridge/${Stage}/secrets/one"]'
        ),
        SOURCE.format(
            name="two",
            provider="standard_webhooks",
            secrets="[/inlet-bridge/local/secrets/two, /inlet-bridge/local/secrets/old/two]",
        ),
        SOURCE.format(name="three", provider="linear", secrets="[/inlet-bridge/prod/secrets/x]"),
    )

    found = own_secrets(file, VALUES, "/inlet-bridge/local").values

    assert found.keys() == {"one", "two", "old/two"}
    assert stored_secret(PRESETS["linear"].scheme, found["one"])
    assert stored_secret(PRESETS["standard_webhooks"].scheme, found["two"])


def test_secret_of_the_user_is_the_same_after_each_start(tmp_path: Path) -> None:
    given = "a-secret-of-linear"
    secrets = "[/inlet-bridge/local/secrets/one, /inlet-bridge/local/secrets/../outside]"
    file = file_with(tmp_path, SOURCE.format(name="one", provider="linear", secrets=secrets))
    (tmp_path / "secrets").mkdir()
    stored = tmp_path / "secrets" / "one.txt"
    (tmp_path / "outside.txt").write_text("of something else")

    for content in (given, f"{given}\n", f"\ufeff{given}\r\n"):
        stored.write_text(content, encoding="utf-8", newline="")
        found = own_secrets(file, VALUES, "/inlet-bridge/local")
        assert found.values["one"] == given
        assert found.files == {"one": stored}
        assert found.sentences()[0] == "The secret of one is that of secrets/one.txt."
    for unusable in (b"", b"\n", b"\xff", b"x" * 8_193):
        stored.write_bytes(unusable)
        found = own_secrets(file, VALUES, "/inlet-bridge/local")
        assert len(found.values["one"]) == 32
        assert found.files == {}
        assert "a file secrets/one.txt would keep it" in found.sentences()[-1]


def test_file_that_a_misspelled_name_means_is_named(tmp_path: Path) -> None:
    secrets = "[/inlet-bridge/local/secrets/linaer]"
    file = file_with(tmp_path, SOURCE.format(name="one", provider="linear", secrets=secrets))
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "linear.txt").write_text("kept")

    [sentence] = own_secrets(file, VALUES, "/inlet-bridge/local").sentences()
    assert sentence.endswith(" Is it linear, of secrets/linear.txt?")


def test_file_as_shipped_has_the_secret_of_github() -> None:
    assert own_secrets(SOURCES_FILE, VALUES, "/inlet-bridge/local").values.keys() == {"github"}


@pytest.mark.parametrize("text", ["", "a: [", "Resources: 1", "Resources: {A: {Type: 1}}"])
def test_file_that_cannot_be_read_has_none(tmp_path: Path, text: str) -> None:
    file = tmp_path / "sources.yaml"
    file.write_text(text)

    assert own_secrets(file, VALUES, "/inlet-bridge/local") == ({}, {}, {})
