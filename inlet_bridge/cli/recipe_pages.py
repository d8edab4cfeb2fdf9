"""Render the recipes for `inlet recipes` and docs/recipes.md."""

import textwrap
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from bridge.verification.catalogue import PRESETS
from inlet_bridge.cli.listing import Listing
from inlet_bridge.cli.provider_pages import provider_resource
from inlet_bridge.cli.recipe_introduction import INTRODUCTION
from inlet_bridge.cli.styled_text import Text
from inlet_bridge.recipes.recipe import DatasetSchema, Recipe, recipes, xdm_ids

_WIDTH: Final = 100


def recipes_table() -> Listing:
    """One line per recipe."""
    table = Listing("Provider", "Events", "Become", "Schemas of the datasets")
    for recipe in recipes().values():
        table.add_row(
            Text(recipe.provider, style="bold"),
            Text(", ".join(event.name for event in recipe.events)),
            Text(", ".join(_kinds(recipe))),
            Text("; ".join(f"{flow}: {_schema(each)}" for flow, each in recipe.schemas.items())),
        )
    return table


def recipe_document(recipe: Recipe) -> dict[str, Any]:
    """A recipe for JSON."""
    return {
        "provider": recipe.provider,
        "title": PRESETS[recipe.provider].title,
        "summary": recipe.summary,
        "events": [
            {
                "name": event.name,
                "becomes": event.becomes,
                "page": event.page,
                "unverified": event.unverified,
                "samples": event.samples,
            }
            for event in recipe.events
        ],
        "schemas": {
            flow: {
                "class": _named(schema.xdm_class),
                "field_groups": [_named(title) for title in schema.field_groups],
            }
            for flow, schema in recipe.schemas.items()
        },
        "identities": recipe.identities,
        "own_namespaces": recipe.own_namespaces,
        "samples": recipe.samples,
        "samples_source": recipe.samples_source,
        "notes": recipe.notes,
        "properties": recipe.properties,
    }


def recipe_template(recipe: Recipe) -> str:
    """A template with the resource, and what it needs as comments."""
    preset = PRESETS[recipe.provider]
    resource = provider_resource(recipe.provider, preset)
    routes = textwrap.indent(recipe.routes, "    ")
    return "".join(_comments(recipe)) + "Resources:\n" + textwrap.indent(resource + routes, "  ")


def recipes_page() -> str:
    """The page docs/recipes.md."""
    rows = (
        f"| [{PRESETS[name].title}](#{name}) | {recipe.summary} |\n"
        for name, recipe in recipes().items()
    )
    table = "| Provider | Covers |\n| --- | --- |\n" + "".join(rows)
    return INTRODUCTION + table + "".join(map(_section, recipes().values()))


def _section(recipe: Recipe) -> str:
    events = "".join(
        f"| [`{event.name}`]({event.page}) | {_codes(event.becomes)} | {event.unverified} |\n"
        for event in recipe.events
    )
    return (
        f"\n## {recipe.provider}\n\n"
        + _wrapped(f"{PRESETS[recipe.provider].title}: {recipe.summary}.", "", "")
        + f"\n| Event | Becomes | Not verified |\n| --- | --- | --- |\n{events}\n"
        + "".join(_wrapped(line, "- ", "  ") for line in _facts(recipe))
        + f"\n```yaml\n{recipe.routes}```\n"
    )


def _facts(recipe: Recipe) -> Iterator[str]:
    for flow, schema in recipe.schemas.items():
        yield f"**Dataset of `{flow}`:** {_schema(schema)}"
    for namespace, text in recipe.identities.items():
        yield f"**Identity `{namespace}`:** {text}"
    yield f"**Samples:** {_codes(recipe.samples)}; {recipe.samples_source}"
    yield from recipe.notes


def recipe_comments(recipe: Recipe, flows: Mapping[str, str]) -> str:
    """What a source with the recipe needs, as comments of YAML.

    Args:
        recipe: the recipe.
        flows: names of the connection's flows by those of the recipe; others are left out.
    """
    title = PRESETS[recipe.provider].title
    lines = [_wrapped(f"{title}: {recipe.summary}.", "# ", "# ")]
    for flow, schema in recipe.schemas.items():
        if flow in flows:
            text = f"The dataset of flow {flows[flow]} has a schema of {_schema(schema)}."
            lines.append(_wrapped(text, "# ", "#   "))
    for namespace, text in recipe.identities.items():
        lines.append(_wrapped(f"Identity {namespace}: {text}.", "# ", "#   "))
    lines.append("# docs/recipes.md says how to send hashes instead, and what else to know.\n")
    lines += [_wrapped(note, "# ", "#   ") for note in recipe.notes]
    return "".join(lines)


def _comments(recipe: Recipe) -> Iterator[str]:
    yield recipe_comments(recipe, {flow: flow for flow in recipe.schemas})
    sample, source = recipe.samples[0], recipe.provider.replace("_", "-")
    yield (
        "# To try it:\n"
        f"#   inlet recipes {recipe.provider} > {source}.yaml\n"
        f"#   inlet recipes {recipe.provider} --sample {sample} > sample.json\n"
        f"#   inlet map {source} sample.json --file {source}.yaml\n"
    )


def _wrapped(text: str, first: str, further: str) -> str:
    lines = textwrap.wrap(
        text,
        _WIDTH,
        initial_indent=first,
        subsequent_indent=further,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return "\n".join(lines) + "\n"


def _schema(schema: DatasetSchema) -> str:
    return f"{schema.xdm_class} with {', '.join(schema.field_groups)}"


def _named(title: str) -> dict[str, str]:
    return {"title": title, "id": xdm_ids()[title]}


def _kinds(recipe: Recipe) -> Iterable[str]:
    return dict.fromkeys(kind for event in recipe.events for kind in event.becomes)


def _codes(texts: Iterable[str]) -> str:
    return ", ".join(f"`{text}`" for text in texts)
