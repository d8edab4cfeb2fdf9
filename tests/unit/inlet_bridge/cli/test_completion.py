"""The shell completes the names of providers and sources."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from inlet_bridge.cli.main import app

SOURCES = """
Resources:
  Shop: {Type: Custom::WebhookSource, Properties: {Name: shop-eu, Provider: shopify}}
  Other: {Type: Custom::WebhookSource, Properties: {Name: github, Provider: github}}
  Orders: {Type: Custom::StreamingConnection, Properties: {Name: shop}}
"""


def completed(*words: str) -> list[str]:
    environment = {
        "_ROOT_COMPLETE": "complete_bash",
        "_INLET_COMPLETE": "complete_bash",
        "COMP_WORDS": " ".join(("inlet", *words)),
        "COMP_CWORD": str(len(words)),
    }
    result = CliRunner().invoke(app, prog_name="inlet", env=environment)
    assert result.exit_code == 0, result.output
    return result.output.split()


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sources.yaml").write_text(SOURCES)


@pytest.mark.parametrize("command", ["add", "send", "providers"])
def test_providers_are_completed(command: str) -> None:
    assert completed(command, "shopi") == ["shopify"]


def test_recipes_are_completed() -> None:
    assert completed("recipes", "typ") == ["typeform"]


@pytest.mark.parametrize(
    "words",
    [
        *(("deliveries",), ("tail",), ("pause",), ("resume",), ("map",), ("replay",)),
        *(
            ("why", "--source"),
            ("dead-letters", "redrive", "--source"),
            ("failed", "list", "--source"),
        ),
    ],
    ids=" ".join,
)
def test_sources_of_the_file_are_completed(words: tuple[str, ...]) -> None:
    assert completed(*words, "sh") == ["shop-eu"]


def test_file_that_cannot_be_read_completes_nothing(tmp_path: Path) -> None:
    (tmp_path / "sources.yaml").write_text("Resources: [")

    assert completed("deliveries", "") == []
