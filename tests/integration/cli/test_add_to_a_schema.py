"""`inlet add` compares the recipe with the schema of the deployed connection."""

from pathlib import Path
from typing import Any

import pytest

from adobe_emulator.settings import EVENTS_DATASET_ID, Tenant
from inlet_bridge.cli import add
from inlet_bridge.operations.errors import OperationError
from tests.support.adding import run, unchanged

TENANT = Tenant()
SCHEMA = TENANT.schemas[TENANT.datasets[EVENTS_DATASET_ID]]
COMMERCE = {
    **SCHEMA,
    "properties": {
        name: each
        for name, each in SCHEMA["properties"].items()
        if name
        in (
            "_id",
            "timestamp",
            "eventType",
            "identityMap",
            "producedBy",
            "commerce",
            "productListItems",
        )
    },
}


def deployed(monkeypatch: pytest.MonkeyPatch, schema: Any) -> None:
    class Provisioner:
        """Knows one connection, or none."""

        def __init__(self, _: object) -> None:
            """Nothing is asked yet."""

        def ask(self, request: dict[str, Any]) -> dict[str, Any]:
            assert request == {"action": "schemas", "connection": "webhooks"}
            if schema is None:
                raise OperationError("there is no connection webhooks")
            return {"data_type": "xdm", "flows": {"events": schema}, "namespaces": []}

    monkeypatch.setattr(add, "Provisioner", Provisioner)


def test_field_that_the_schema_lacks_is_named_before_anything_is_written(
    folder: Path, ssm: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    deployed(monkeypatch, COMMERCE)

    status, output = run("typeform", "--secret-file", "secret.txt")

    said = " ".join(output.split())
    assert status == 1
    assert "Routes.0.Map: web: the schema has no such field" in said
    assert "Also wrong: surveyResponse" in said
    assert "`inlet recipes typeform` names the field groups that the recipe needs" in said
    assert "--no-recipe" in said
    assert unchanged(folder)
    names = [each["Name"] for each in ssm.describe_parameters()["Parameters"]]
    assert not [each for each in names if "typeform" in each]
    assert run("typeform", "--no-recipe", "--secret-file", "secret.txt")[0] == 0


@pytest.mark.parametrize("schema", [SCHEMA, None], ids=["with the fields", "not deployed"])
@pytest.mark.usefixtures("folder", "ssm")
def test_recipe_is_added_where_it_fits_or_nothing_is_known(
    monkeypatch: pytest.MonkeyPatch, schema: Any
) -> None:
    deployed(monkeypatch, schema)

    status, output = run("typeform", "--secret-file", "secret.txt")

    assert status == 0, output
