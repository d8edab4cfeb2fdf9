"""A secret in place of its name is not quoted where YAML reads something else."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from inlet_bridge.cli.main import app
from inlet_bridge.mapping.edit_check import check_edit
from inlet_bridge.template_reading.errors import ResourceError

SECRETS = "      Secrets: [/inlet-bridge/dev/secrets/shop]\n"
TEMPLATE = f"""\
Resources:
  Source:
    Type: Custom::WebhookSource
    Properties:
      Name: shop
      Provider: github
{SECRETS}      Connection: orders
      Routes: [{{Flow: events}}]
"""


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("      Secrets:CANARY_1\n", "Write Secrets: … with a space."),
        ("      Secrets CANARY_1\n", "in: Secrets …"),
        ("      Secrets: CANARY_1: a\n", 'Secrets: "…: a"'),
        ("      Secrets: @CANARY_1\n", 'Put the whole value in quotes: Secrets: "@…"'),
        ('      Secrets: "CANARY_1\n', "is not closed, in: Secrets:"),
        ("      Secrets: [CANARY_1\n", "is not closed, in: Secrets: […"),
        ("      Secrets: [CANARY_1: ]\n", "Secrets.0.… is null"),
        ("      Secrets: [!CANARY_1 a]\n", "!… is read as a YAML tag"),
        ("      Secrets: {CANARY:CANARY_1}\n", "there is no space after the colon in …"),
        ("      Secrets:\n        -CANARY_1: a\n", "there is no space after the dash of -…"),
        ("      Secrets:\n      - @CANARY_1\n", ":8: a value cannot begin with @"),
        ("      Secrets:\n        # newest\n        - a\n        - @CANARY_1\n", ":10: a value"),
        ("      PathTokens: [CANARY_1\n", "is not closed, in: PathTokens: […"),
    ],
)
def test_secret_is_not_quoted(tmp_path: Path, written: str, said: str) -> None:
    file, sample = tmp_path / "sources.yaml", tmp_path / "sample.json"
    text = TEMPLATE.replace(SECRETS, written)
    file.write_text(text)
    sample.write_text("{}")

    result = CliRunner().invoke(
        app, ["map", "shop", str(sample), "--file", str(file)], env={"COLUMNS": "400"}
    )

    assert result.exit_code == 1
    assert said in " ".join(result.output.split())
    assert "CANARY" not in result.output
    with pytest.raises(ResourceError) as caught:
        check_edit(file, text, {})
    assert "CANARY" not in f"{caught.value} {caught.value.hint}"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (SECRETS, f"{SECRETS}      Body:json\n", "in: Body:json"),
        (SECRETS, SECRETS.replace("Secrets: ", "Secrets:"), "Secrets: [/inlet-bridge/dev/secrets"),
        ("Connection: orders", "Connection: @orders", 'in quotes: Connection: "@orders"'),
    ],
)
def test_other_values_are_shown(tmp_path: Path, old: str, new: str, said: str) -> None:
    with pytest.raises(ResourceError) as caught:
        check_edit(tmp_path / "sources.yaml", TEMPLATE.replace(old, new), {})

    assert said in f"{caught.value} {caught.value.hint}"
