"""The messages of all recipes reach the emulated data lake without a failed record.

`tests/functions/test_recipes.py` compares the messages that the receiver sends with these.
"""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from adobe_emulator.clock import Clock
from adobe_emulator.emulator import Adobe
from adobe_emulator.server import serving
from adobe_emulator.settings import Behavior
from adobe_emulator.xdm_schemas import EVENTS_SCHEMA_ID
from inlet_bridge.recipes.recipe import Recipe, recipes
from tests.integration.adobe_emulator.conftest import NOW
from tests.support.adobe_client import Client
from tests.support.lake_client import LakeClient
from tests.support.recipe_messages import dataset_schemas
from tests.support.sam_template import ROOT

MESSAGES = json.loads((ROOT / "tests" / "support" / "recipe_messages.json").read_text("utf-8"))
FLOWS = [(recipe, flow) for recipe in recipes().values() for flow in recipe.schemas]


@pytest.fixture(scope="module")
def served() -> Iterator[Adobe]:
    with serving(Behavior(settle=timedelta(0)), clock=Clock(lambda: NOW)) as adobe:
        yield adobe


@pytest.mark.parametrize(
    ("recipe", "flow"), FLOWS, ids=lambda value: getattr(value, "provider", value)
)
def test_no_record_of_a_recipe_fails(client: Client, recipe: Recipe, flow: str) -> None:
    client.adobe.schemas[EVENTS_SCHEMA_ID] = {
        **dataset_schemas(recipe)[flow],
        "$id": EVENTS_SCHEMA_ID,
    }
    sent: list[Any] = [
        message
        for messages in MESSAGES[recipe.provider].values()
        for to, message in messages
        if to == flow
    ]
    lake = LakeClient(client)

    lake.send(*sent)
    [batch] = lake.complete()

    assert sent
    assert batch["status"] == "success"
    assert batch["metrics"]["failedRecordCount"] == 0
    assert batch["metrics"]["outputRecordCount"] == len(sent)
    assert "errors" not in batch
