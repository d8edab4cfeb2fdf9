"""Tests of the printed recipes."""

import json
from pathlib import Path

import pytest

from bridge.verification.catalogue import PRESETS
from inlet_bridge.cli.recipe_pages import recipe_template, recipes_page
from inlet_bridge.local.workspace import ROOT
from inlet_bridge.recipes.recipe import Recipe, recipes, xdm_ids
from inlet_bridge.template_reading.yaml_reader import read_text
from tests.support.public_xdm import recorded
from tests.unit.inlet_bridge.cli.test_main import run

RECIPES = list(recipes().values())
each_recipe = pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.provider)


def test_page_in_docs_is_up_to_date() -> None:
    page = (ROOT / "docs" / "recipes.md").read_text(encoding="utf-8")

    assert page == recipes_page(), "inlet recipes --markdown > docs/recipes.md"
    assert run("recipes", "--markdown") == (0, page)


def test_twelve_providers_have_a_recipe() -> None:
    assert len(RECIPES) >= 12
    assert recipes().keys() <= PRESETS.keys()


@each_recipe
def test_printed_template_has_the_recipe(recipe: Recipe) -> None:
    status, printed = run("recipes", recipe.provider)
    document = read_text(printed, Path("printed.yaml"))
    [resource] = document.content["Resources"].values()

    assert status == 0
    assert printed == recipe_template(recipe)
    assert resource["Type"] == "Custom::WebhookSource"
    assert resource["Properties"]["Provider"] == recipe.provider
    assert recipe.properties.items() <= resource["Properties"].items()


@each_recipe
def test_comments_of_the_template_work(
    recipe: Recipe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The commands after `To try it` are executed as they are printed."""
    monkeypatch.chdir(tmp_path)
    comments = [line[1:].strip() for line in recipe_template(recipe).splitlines() if "#" in line]
    commands = [line for line in comments if line.startswith("inlet ")]
    assert len(commands) == 3
    for command in commands:
        arguments, _, file = command.partition(" > ")
        status, output = run(*arguments.split()[1:])
        assert status == 0, output
        if file:
            (tmp_path / file).write_text(output, encoding="utf-8")

    shown = json.loads(run(*commands[-1].split()[1:], "--json")[1])["sample.json"]["shown"]
    assert shown
    assert all(each["flow"] in recipe.schemas and not each["error"] for each in shown)


@each_recipe
def test_routes_are_preceded_by_what_they_need(recipe: Recipe) -> None:
    text = " ".join(recipe_template(recipe).replace("\n#", "").split())

    for schema in recipe.schemas.values():
        assert schema.xdm_class in text
        assert all(title in text for title in schema.field_groups)
    assert all(f"Identity {namespace}:" in text for namespace in recipe.identities)


@each_recipe
def test_field_groups_extend_the_class(recipe: Recipe) -> None:
    for schema in recipe.schemas.values():
        for title in schema.field_groups:
            group = recorded()[xdm_ids()[title]]
            assert group["title"] == title
            assert not group["extends"] or xdm_ids()[schema.xdm_class] in group["extends"]
            assert group["status"] == "stable"


def test_recorded_xdm_is_that_of_the_recipes() -> None:
    used = {
        title
        for recipe in RECIPES
        for schema in recipe.schemas.values()
        for title in (schema.xdm_class, *schema.field_groups)
    }

    assert used == xdm_ids().keys()
    assert set(xdm_ids().values()) == recorded().keys()


@each_recipe
def test_every_sample_belongs_to_an_event(recipe: Recipe) -> None:
    folder = recipe.sample("any").parent

    assert {file.stem for file in folder.iterdir()} == set(recipe.samples)
    assert all(event.page.startswith("https://") for event in recipe.events)
    assert all(event.samples or recipe.batches for event in recipe.events)


def test_command_lists_all() -> None:
    status, listed = run("recipes")
    assert status == 0
    assert all(recipe.provider in listed for recipe in RECIPES)

    documents = json.loads(run("recipes", "--json")[1])
    assert [document["provider"] for document in documents] == list(recipes())
    assert json.loads(run("recipes", "stripe", "--json")[1]) in documents
    assert documents[0]["schemas"]["events"]["class"] == {
        "title": "XDM ExperienceEvent",
        "id": "https://ns.adobe.com/xdm/context/experienceevent",
    }


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("shopfy",), "there is no 'shopfy'; did you mean shopify?"),
        (("slack",), "slack has no recipe"),
        (("stripe", "--sample", "x"), "there is no 'x'; there is checkout.session.completed"),
        (("--sample", "x"), "--sample requires PROVIDER"),
    ],
)
def test_wrong_name_is_answered_with_those_that_exist(
    arguments: tuple[str, ...], said: str
) -> None:
    status, output = run("recipes", *arguments)

    assert status == 2
    assert said in output


def test_code_has_no_name_of_a_provider() -> None:
    files = [ROOT / "inlet_bridge" / "recipes" / "recipe.py"]
    files += (ROOT / "inlet_bridge" / "cli").glob("recipe_[cp]*.py")
    code = "".join(file.read_text(encoding="utf-8") for file in files)

    assert len(files) == 3
    assert [name for name in recipes() if f'"{name}"' in code] == []
