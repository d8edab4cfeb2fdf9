"""Each recipe, as `inlet add` writes it, fits the dataset that `inlet up` deploys to."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from adobe_emulator.settings import EVENTS_DATASET_ID, Tenant
from inlet_bridge.cli.main import app
from inlet_bridge.recipes.recipe import Recipe, recipes
from tests.support.sam_template import ROOT

ENVIRONMENT = {"COLUMNS": "400", "NO_COLOR": "1", "BRIDGE_STACK": ""}


def run(*arguments: object) -> tuple[int, str]:
    result = CliRunner().invoke(app, [*map(str, arguments)], env=ENVIRONMENT)
    return result.exit_code, result.output


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """With the file of sources as it is delivered, and the schema of the local cloud."""
    tenant = Tenant()
    schema = tenant.schemas[tenant.datasets[EVENTS_DATASET_ID]]
    (tmp_path / "sources.yaml").write_text((ROOT / "sources.yaml").read_text("utf-8"), "utf-8")
    (tmp_path / "schema.json").write_text(json.dumps(schema), "utf-8")
    (tmp_path / "secret.txt").write_text("whsec_TOPSECRET0123456789")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("recipe", recipes().values(), ids=lambda recipe: recipe.provider)
def test_added_recipe_fits_the_schema_of_the_local_cloud(folder: Path, recipe: Recipe) -> None:
    name = f"my-{recipe.provider.replace('_', '-')}"
    status, output = run("add", recipe.provider, "--name", name, "--offline", "--yes")
    assert status == 0, output
    samples = [recipe.sample(sample) for sample in recipe.samples]

    status, output = run("map", name, *samples, "--schema", "events=schema.json", "--json")

    assert status == 0, output
    previews: dict[str, Any] = json.loads(output)
    messages = [shown["message"] for each in previews.values() for shown in each["shown"]]
    assert messages
