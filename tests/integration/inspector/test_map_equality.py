"""The map editor shows what `inlet map` shows, for the same file, sample and deployment."""

from pathlib import Path
from typing import Any

import pytest

from inlet_bridge.recipes.recipe import Recipe, recipes
from inlet_bridge.template_editing.document import SourcesFile
from inlet_bridge.template_editing.map_text import map_text
from tests.support.inspecting import opened
from tests.support.map_pages import (
    NAME,
    STACK,
    SchemaAccount,
    ShownResult,
    as_shown,
    file_with,
    inlet_map,
    use_account,
)
from tests.support.recipe_messages import dataset_schemas

PAGE = f"/stacks/{STACK}/maps/{NAME}"
SAMPLES = [(recipe, sample) for recipe in recipes().values() for sample in recipe.samples]
SHOPIFY = recipes()["shopify"]
ORDER = '{"headers": {"x-shopify-topic": "orders/create"}, "body": {"id": 7, "note": "x"}}'
SCHEMA = {
    "type": "object",
    "meta:class": "https://ns.adobe.com/xdm/context/experienceevent",
    "required": ["_id", "timestamp"],
    "properties": {
        "_id": {"type": "string"},
        "timestamp": {"type": "string", "format": "date-time"},
        "eventType": {"type": "string"},
        "level": {"type": "string", "enum": ["gold"]},
        "order": {
            "type": "object",
            "required": ["total"],
            "properties": {"total": {"type": "number"}, "size": {"type": "integer"}},
        },
        "identityMap": {"type": "object"},
    },
}
ROUTES = """\
Routes:
  - Flow: events
    Map:
      eventType: event_type
"""
MISTAKES = {
    "no mistake": "",
    "a wrong value for an enumeration": "      level: body.note\n",
    "a wrong type": "      order: {total: body.note}\n",
    "a wrong type on its own line": "      order:\n        size: '`1`'\n        total: body.note\n",
    "a missing field": "      order: {size: '`1`'}\n",
    "a function that fails": "      level: date(body.note)\n",
    "a function that fails below": "      order:\n        total: number(body.note)\n",
    "a number that is none": "      order: {total: number(body.id), size: number('1.5')}\n",
    "a misspelled name": "      level: default(body.noted, 'gold')\n",
    "an unknown root": "      level: boddy.note\n",
    "an unknown function": "      level: nothing(body.note)\n",
    "a comma in braces": "      order: {total: max(body.id, body.id)}\n",
    "an open quote": '      level: "body\n',
    "a tab": "\tlevel: body.note\n",
    "a colon": "      level: a: b\n",
    "a null": "      level:\n",
    "a truth": "      level: yes\n",
    "a name twice": "      eventType: source\n",
    "a second route": "  - When: body.note.x ==\n    Flow: events\n",
    "a condition that fails": "  - When: number(body.note)\n    Flow: events\n",
    "an unknown flow": '  - {When: "body.id == `8`", Flow: nothing}\n',
    "an unknown property": "    Mapp: {a: source}\n",
    "an identity that is unknown": "    Identity: {Nobody: \"'x'\"}\n",
    "an alias": "      level: *x\n",
    "an escape": "      level: \"'\\u202e'\"\n",
}


def edited(folder: Path, file: Path, text: str, sample: str) -> ShownResult:
    """What the editor shows of a text."""
    client = opened(folder, stack=STACK, sources_file=file)
    response = client.post(
        PAGE, data={"text": text, "sample": sample}, headers={"hx-request": "true"}
    )
    assert response.status_code == 200
    return ShownResult.of(response.text)


def routes_in(file: Path) -> str:
    """The last property of a file."""
    lines = file.read_text().splitlines()
    return "\n".join(lines[lines.index("      Routes:") :])


@pytest.mark.parametrize(
    ("recipe", "sample"), SAMPLES, ids=lambda value: getattr(value, "provider", value)
)
def test_recipes_become_the_same_messages(
    recipe: Recipe, sample: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_account(monkeypatch, SchemaAccount(dataset_schemas(recipe)))
    file, path = tmp_path / "sources.yaml", recipe.sample(sample)
    file.write_text(file_with(recipe.routes, recipe.provider), encoding="utf-8")
    client = opened(tmp_path, stack=STACK, sources_file=file)

    text = map_text(SourcesFile.read(file), "Source").text
    posted = {"do": "load", "choice": f"recipe:{sample}", "text": text}
    response = client.post(PAGE, data=posted, headers={"hx-request": "true"})
    shown = ShownResult.of(response.text)

    expected = as_shown(inlet_map(file, path, "--json"))
    assert expected.messages
    assert shown == expected
    assert not shown.difference
    assert shown.notes == []


@pytest.mark.parametrize("mistake", MISTAKES.values(), ids=MISTAKES)
def test_mistakes_are_the_same(
    mistake: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_account(monkeypatch, SchemaAccount({"events": SCHEMA, "people": None}))
    before, file, sample = (tmp_path / name for name in ("before.yaml", "sources.yaml", "s.json"))
    before.write_text(file_with(ROUTES, "shopify"))
    file.write_text(file_with(ROUTES + mistake, "shopify"))
    sample.write_text(ORDER)
    text = routes_in(file)
    output = inlet_map(file, sample, "--json")
    spoken = inlet_map(file, sample)

    file.write_text(before.read_text())
    shown = edited(tmp_path, file, text, ORDER)

    if output.startswith("{"):
        assert shown == as_shown(output)
        assert all(note.removeprefix("! ") in spoken for note in shown.notes)
        assert spoken.count("\n! ") == len(shown.notes)
        return
    [problem] = shown.problems
    [line] = shown.lines
    assert f"{file}:{line}: {problem[2:]}" in " ".join(spoken.split())
    assert shown.messages == []


@pytest.mark.parametrize(
    ("mistake", "words"),
    [
        ("a wrong type on its own line", "total: body.note"),
        ("a wrong value for an enumeration", "level: body.note"),
        ("a function that fails below", "total: number"),
        ("a missing field", "order: {size"),
        ("a misspelled name", "level: default"),
        ("an unknown root", "level: boddy"),
    ],
)
def test_a_problem_has_the_line_of_its_field(
    mistake: str, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_account(monkeypatch, SchemaAccount({"events": SCHEMA}))
    file = tmp_path / "sources.yaml"
    file.write_text(file_with(ROUTES, "shopify"))
    whole = file_with(ROUTES + MISTAKES[mistake], "shopify")
    text = whole[whole.index("      Routes:") :]

    shown = edited(tmp_path, file, text, ORDER)
    assert shown.lines
    assert words in whole.splitlines()[shown.lines[0] - 1]


SAMPLES_OF_ANY_FORM = {
    "an empty one": "",
    "a body alone": '{"id": 5}',
    "a list": "[1, 2]",
    "a text": "a=b&c=d",
    "a query": '{"headers": {}, "body": {"id": 1}, "query": {"a": ["1", "2"]}}',
    "an odd query": '{"headers": {}, "body": "", "query": 5}',
    "large numbers": '{"headers": {"x-shopify-topic": "a"}, "body": {"id": 1e400}}',
    "nested too deeply": "[" * 100_000,
    "hostile text": '{"id": "<script>\\u202e\\u0000\\u001b[31m"}',
}


@pytest.mark.parametrize("sample", SAMPLES_OF_ANY_FORM.values(), ids=SAMPLES_OF_ANY_FORM)
def test_any_sample_has_the_same_result(
    sample: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    schemas: dict[str, Any] = {"events": None}
    use_account(monkeypatch, SchemaAccount(schemas))
    file, path = tmp_path / "sources.yaml", tmp_path / "s.json"
    routes = ROUTES + "      a: body.id\n"
    file.write_text(file_with(routes, "shopify"))
    path.write_text(sample)
    output = inlet_map(file, path, "--json")

    shown = edited(tmp_path, file, routes_in(file), sample)
    if output.startswith("{"):
        assert shown == as_shown(output)
    else:
        [problem] = shown.problems
        assert problem.removeprefix("✗ the sample") in output
