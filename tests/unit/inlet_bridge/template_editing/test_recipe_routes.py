"""Tests of recipes for connections that have not all of their flows."""

from typing import Any

import pytest
import yaml

from inlet_bridge.recipes.recipe import Recipe, recipes
from inlet_bridge.template_editing.recipe_routes import adapted

each_recipe = pytest.mark.parametrize(
    "recipe", recipes().values(), ids=lambda recipe: recipe.provider
)


def expected(routes: list[dict[str, Any]], flows: dict[str, str]) -> list[dict[str, Any]]:
    """The routes and targets to given flows, renamed."""
    kept = []
    for route in routes:
        if "Targets" in route:
            if targets := expected(route["Targets"], flows):
                kept.append({**route, "Targets": targets})
        elif route["Flow"] in flows:
            kept.append({**route, "Flow": flows[route["Flow"]]})
    return kept


@each_recipe
@pytest.mark.parametrize("flows", [{"events": "web"}, {"events": "events", "profiles": "people"}])
def test_routes_lead_to_the_flows_of_the_connection(recipe: Recipe, flows: dict[str, str]) -> None:
    found = adapted(recipe.routes, flows)

    properties = yaml.safe_load(found.text)
    assert properties["Routes"] == expected(recipe.properties["Routes"], flows)
    assert {**properties, "Routes": []} == {**recipe.properties, "Routes": []}
    assert set(found.omitted) == recipe.schemas.keys() - flows.keys()


@each_recipe
def test_recipe_for_all_flows_is_copied_as_it_is(recipe: Recipe) -> None:
    found = adapted(recipe.routes, {flow: flow for flow in recipe.schemas})

    assert found.text == recipe.routes
    assert not found.omitted


def test_comments_of_a_route_leave_with_it() -> None:
    routes = (
        "Routes:\n  # One.\n  - Flow: events\n    # Deep.\n  # Two.\n  - Flow: profiles\n"
        "    Map: {}\n  # Three.\n  - Flow: events\nOtherwise: drop\n"
    )

    assert adapted(routes, {"events": "events"}).text == (
        "Routes:\n  # One.\n  - Flow: events\n    # Deep.\n  # Three.\n  - Flow: events\n"
        "Otherwise: drop\n"
    )


def test_recipe_without_a_remaining_route_is_empty() -> None:
    assert not adapted("Routes:\n  - Flow: profiles\n", {"events": "events"}).text
