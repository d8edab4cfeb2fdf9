"""Arguments of `inlet recipes`."""

from typing import TYPE_CHECKING, Annotated

import typer

from inlet_bridge.cli.completion import recipe_names

if TYPE_CHECKING:
    from inlet_bridge.recipes.recipe import Recipe


def recipes(
    provider: Annotated[
        str,
        typer.Argument(
            help="Print the resource of this provider's recipe.", autocompletion=recipe_names
        ),
    ] = "",
    *,
    sample: Annotated[
        str,
        typer.Option(metavar="NAME", help="Print a sample webhook, which `inlet map` reads."),
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="Print docs/recipes.md.")] = False,
) -> None:
    """List mappings of providers' events to standard XDM, or print one to paste.

    With PROVIDER it prints a template with one resource: paste that into yours, and change it.
    """
    from inlet_bridge.cli.console import Screen
    from inlet_bridge.cli.recipe_pages import (
        recipe_document,
        recipe_template,
        recipes_page,
        recipes_table,
    )
    from inlet_bridge.plain_text import plain_json
    from inlet_bridge.recipes.recipe import recipes as all_recipes

    if sample and not provider:
        raise typer.BadParameter("--sample requires PROVIDER", param_hint="--sample")
    screen = Screen()
    if markdown:
        screen.write(recipes_page())
    elif provider:
        recipe = _recipe(provider)
        if sample:
            screen.write(_sample(recipe, sample))
        elif as_json:
            screen.write(f"{plain_json(recipe_document(recipe))}\n")
        else:
            screen.write(recipe_template(recipe))
    elif as_json:
        documents = [recipe_document(each) for each in all_recipes().values()]
        screen.write(f"{plain_json(documents)}\n")
    else:
        screen.print(recipes_table())


def _recipe(name: str) -> "Recipe":
    """The recipe of a provider. Suggests similar names for one that has none."""
    from bridge.verification.catalogue import PRESETS
    from bridge.verification.preset_names import similar_presets
    from inlet_bridge.recipes.recipe import recipes as all_recipes

    found = all_recipes().get(name)
    if found is None:
        close = " or ".join(similar_presets(name, all_recipes()))
        known = f"did you mean {close}?" if close else "see `inlet recipes`"
        what = f"{name} has no recipe" if name in PRESETS else f"there is no {name!r}"
        raise typer.BadParameter(f"{what}; {known}", param_hint="PROVIDER")
    return found


def _sample(recipe: "Recipe", name: str) -> str:
    if name not in recipe.samples:
        known = ", ".join(recipe.samples)
        raise typer.BadParameter(f"there is no {name!r}; there is {known}", param_hint="--sample")
    return recipe.sample(name).read_text(encoding="utf-8")
