"""What `inlet map` says of files, and of parts of them, that are written for other tools."""

import json
from pathlib import Path

import pytest

from tests.support.linear_map import ISSUE, TEMPLATE, of_field, output
from tests.support.map_runs import run

_MAP = TEMPLATE[TEMPLATE.index("          Map:") : TEMPLATE.index("          Identity:")]
_WEB = "web: {webPageDetails: {name: body.data.title, URL: body.url}}"
_PLACEHOLDER = "nothing replaces {{ }} in this file Write the value, or !Ref a parameter of the"


def _of_file(folder: Path, text: str) -> str:
    template, sample = folder / "sources.yaml", folder / "issue.json"
    template.write_text(text)
    sample.write_text(json.dumps(ISSUE))
    found = run("linear", sample, "--file", template)
    assert found.exit_code == 1
    return " ".join(found.output.replace(str(template), "sources.yaml").split())


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "sources.yaml is no CloudFormation template: it is empty"),
        (
            "# nothing\n",
            "or restore that of the repository with `git checkout sources.yaml`.",
        ),
        ("apiVersion: v1\nkind: Source\n", "it has no Resources"),
        ("[]", "it has no Resources"),
        (TEMPLATE.replace("Resources:", "resources:"), "yaml:4: resources must be Resources"),
        (TEMPLATE.replace("Resources:", "Resource:"), "yaml:4: Resource must be Resources"),
        (
            "Resources:\n  - Type: Custom::WebhookSource\n",
            "Begin each resource with its logical ID and a colon, such as LinearSource:, without a",
        ),
    ],
)
def test_file_that_is_no_template_is_named(tmp_path: Path, text: str, reason: str) -> None:
    assert reason in _of_file(tmp_path, text)


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("Name: linear", "Name: {{ name }}", f"yaml:11: {_PLACEHOLDER}"),
        ("Name: linear", "Name: {{ .Values.name }}", _PLACEHOLDER),
        ("Name: linear", "Name: {[a]: b}", "a name must be a text Put { and [ in quotes."),
        (
            "Name: linear",
            "Name: ${NAME}",
            "Name: is ${NAME}, in which only !Sub replaces a parameter of the file",
        ),
        (
            _WEB,
            "web: {{ body.data.title }}",
            "{{ is no part of YAML or of an expression Write the expression without {{ }}.",
        ),
        ("Otherwise: drop", "Otherwise: [drop]", "must be one word: drop, dead-letter or the name"),
        ("Otherwise: drop", "Otherwise: {Flow: a}", "must be one word: drop, dead-letter or the"),
    ],
)
def test_form_of_another_tool_is_named(tmp_path: Path, old: str, new: str, reason: str) -> None:
    assert reason in output(tmp_path, old, new)


def test_path_with_slashes_is_written_nested(tmp_path: Path) -> None:
    schema = tmp_path / "schema.json"
    names = ("eventType", "producedBy", "_emulated", "identityMap")
    schema.write_text(json.dumps({"properties": {"web": {}, **{each: {} for each in names}}}))
    for written in ("web/webPageDetails/name", "/web/webPageDetails/name"):
        new = f"{written}: body.data.title"
        found = output(tmp_path, _WEB, new, "--schema", f"events={schema}")
        assert "write it nested, web: {webPageDetails: {name: …}}" in found


@pytest.mark.parametrize(
    ("written", "way"),
    [
        ("[{eventType: event_type}]", "is a list in the file, and an object is sent: remove its d"),
        ("body", "write those of the schema, each with its expression, such as Map: {eventType:"),
        ("{eventType: event_type}", ""),
    ],
)
def test_map_that_gives_no_entity_is_explained(tmp_path: Path, written: str, way: str) -> None:
    schema = tmp_path / "schema.json"
    names = ("_id", "timestamp", "eventType", "identityMap")
    fields: dict[str, object] = {each: {} for each in names}
    schema.write_text(json.dumps({"properties": fields, "additionalProperties": False}))
    new = f"          Map: {written}\n"
    found = output(tmp_path, _MAP, new, "--schema", f"events={schema}")

    assert way in found
    assert ("✓ events" in found) is (not way)


def test_text_that_is_compared_with_nothing_is_named(tmp_path: Path) -> None:
    written = "\"event_type == 'Issue+create'"
    found = output(tmp_path, written, f"{written} || 'Issue+update'")

    assert "linear has the text 'Issue+update', which is compared with nothing and counts" in found
    assert "Write a comparison, such as event_type == 'Issue+update'" in found


def test_body_that_is_sent_as_it_is_needs_a_map(tmp_path: Path) -> None:
    schema = tmp_path / "schema.json"
    fields: dict[str, object] = {each: {} for each in ("_id", "timestamp", "identityMap")}
    schema.write_text(json.dumps({"properties": fields, "additionalProperties": False}))
    found = output(tmp_path, _MAP, "", "--schema", f"events={schema}")

    sent = "Without a Map the body is sent as it is, with fields that the schema does not have"
    assert f"{sent}: action, type, createdAt, url, data, …; a Map in Routes makes the" in found


def test_body_in_place_of_a_message_names_its_keys_and_the_recipe(tmp_path: Path) -> None:
    template, sample, schema = (tmp_path / name for name in ("a.yaml", "b.json", "c.json"))
    lines = (TEMPLATE[: TEMPLATE.index("      Routes:")]).replace("linear", "typeform")
    template.write_text(lines)
    sample.write_text(json.dumps({"event_id": "a", "event_type": "form_response"}))
    names = ("_id", "timestamp", "eventType", "eventMergeId")
    fields: dict[str, object] = {each: {} for each in names}
    schema.write_text(json.dumps({"properties": fields, "additionalProperties": False}))
    options = ("--file", template, "--schema", f"events={schema}")
    found = " ".join(run("typeform", sample, *options).output.split())

    assert "an extraneous key at its root; is it eventMergeId?" in found
    assert "fields that the schema does not have: event_id, event_type; a Map in Routes" in found
    assert "`inlet recipes typeform` shows one" in found


def test_key_within_a_made_object_is_named(tmp_path: Path) -> None:
    schema = tmp_path / "schema.json"
    page = {"properties": {"URL": {}}, "additionalProperties": False}
    pages = {"type": "array", "items": page}
    fields = {"_id": {}, "timestamp": {}, "identityMap": {}, "web": {"properties": {"all": pages}}}
    schema.write_text(json.dumps({"properties": fields, "additionalProperties": False}))
    new = '          Map: {web: "{all: [{URL: body.url, first: body.url}]}"}\n'
    found = output(tmp_path, _MAP, new, "--schema", f"events={schema}")

    assert "Routes.0.Map gives fields that the schema does not have: first" in found


def test_members_of_a_list_are_written_in_brackets(tmp_path: Path) -> None:
    path = "body.data.labels"
    assert f"{path} is a list, of which {path}[*] has all items, and {path}.* none" in of_field(
        tmp_path, f"{path}.*.name"
    )
    assert "has all items" not in of_field(tmp_path, "first(body.data.state.*)")
