"""What `inlet map` says of files, sources and fields that do not fit."""

import json
from pathlib import Path
from typing import Any

import pytest

from inlet_bridge.mapping.declared import read_source
from inlet_bridge.operations.errors import OperationError
from tests.support.map_runs import SHOPIFY, TEMPLATE, run
from tests.support.sam_template import ROOT

READS_PERSONAL_DATA = "'body.line_items[0].sku'}, Identity: {Email: lower(body.email)}"


@pytest.fixture
def template(tmp_path: Path) -> Path:
    file = tmp_path / "template.yaml"
    file.write_text(TEMPLATE.replace("MAPPED", "body.id"))
    return file


def test_unknown_source_is_reported_with_the_existing_sources(template: Path) -> None:
    with pytest.raises(OperationError, match="has no source other; there is shop"):
        read_source(template, "other")


def test_properties_alone_are_no_template(tmp_path: Path) -> None:
    """There is one format: a resource of a CloudFormation template."""
    file = tmp_path / "source.yaml"
    file.write_text("Provider: github\nConnection: c\nRoutes: [{Flow: events}]\n")

    with pytest.raises(OperationError, match="it has no Resources"):
        read_source(file, "mine")


@pytest.mark.parametrize("text", ["- 1", "a: [", "a: !Nope {", "\x00"])
def test_file_of_an_unknown_format_is_reported(tmp_path: Path, text: str) -> None:
    file = tmp_path / "source.yaml"
    file.write_text(text)

    with pytest.raises(OperationError):
        read_source(file, "mine")


def test_file_of_the_project_is_the_default(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`sources.yaml` of the current folder, else of the checkout."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sources.yaml").write_text(TEMPLATE.replace("MAPPED", "body.id"))

    assert run("shop", SHOPIFY).exit_code == 0
    assert "there is shop" in run("github", SHOPIFY).output


def test_shipped_source_is_accepted() -> None:
    file = next(each for each in (ROOT / "sources.yaml", ROOT / "template.yaml") if each.exists())
    result = run("github", ROOT / "events" / "mapping" / "github-issue.json", "--file", file)

    assert result.exit_code == 0, result.output


def test_map_reads_scalars_as_cloudformation_sends_them(tmp_path: Path) -> None:
    """It makes texts of numbers and booleans, and rejects null."""
    template = tmp_path / "template.yaml"
    text = TEMPLATE.replace(
        "Map: {a: MAPPED}",
        "Map: {a: 1, b: 1.5, c: true, d: '1'}, Schema: {properties: {id: {enum: [7, 8]}, "
        "vip: {const: true}, total: {minimum: 1, multipleOf: 0.5}}}",
    )
    template.write_text(text)
    sample = tmp_path / "sample.json"
    given = ("--file", template, "--event-type", "orders/create", "--json")

    def shown(body: object) -> Any:
        sample.write_text(json.dumps(body))
        [found] = json.loads(run("shop", sample, *given).output)[str(sample)]["shown"]
        return found

    message = shown({"id": 7, "vip": True, "total": 1.5})["message"]
    assert {name: message[name] for name in "abcd"} == {"a": 1, "b": 1.5, "c": True, "d": 1}
    for wrong in ({"id": 9}, {"vip": False}, {"total": 0}, {"total": 1.25}):
        assert "does not fit its schema" in shown(wrong)["error"]
    template.write_text(text.replace("a: 1,", "a: null,"))
    assert "Map.a is null, which CloudFormation rejects" in run("shop", sample, *given).output


def test_missing_schema_is_stated(template: Path) -> None:
    result = run("shop", SHOPIFY, "--file", template)

    assert "compared with no schema: name the deployment with --stack" in result.output


def test_misspelled_field_is_pointed_out_without_a_schema(template: Path, tmp_path: Path) -> None:
    """With one it is an error: see test_schema_is_checked."""
    template.write_text(TEMPLATE.replace("{a: MAPPED}", "{evntType: event_type}"))
    result = run("shop", SHOPIFY, "--file", template)

    assert "! Map has evntType; is it eventType" in result.output


def test_field_with_dots_is_pointed_out_without_a_schema(template: Path) -> None:
    template.write_text(TEMPLATE.replace("{a: MAPPED}", "{web.webPageDetails.name: body.id}"))
    output = " ".join(run("shop", SHOPIFY, "--file", template).output.split())

    assert (
        "! Map has a field web.webPageDetails.name; one below another is written nested, " in output
    )
    assert "web: {webPageDetails: {name: …}}" in output


def test_misspelled_field_of_the_sample_is_pointed_out(template: Path) -> None:
    template.write_text(TEMPLATE.replace("MAPPED", "body.total_prise"))

    output = run("shop", SHOPIFY, "--file", template).output
    assert "! Routes.0.Map.a reads body.total_prise, which the sample does not have" in output
    assert "is it body.total_price?" in output
    [found] = json.loads(run("shop", SHOPIFY, "--file", template, "--json").output).values()
    assert "is it body.total_price?" in found["hints"][0]
    assert found["shown"][0]["route"] == 0


def test_bare_body_gets_a_hint_at_the_event_type(template: Path, tmp_path: Path) -> None:
    """Without its headers no route takes it."""
    bare = tmp_path / "bare.json"
    bare.write_text('{"id": 7}')
    output = " ".join(run("shop", bare, "--file", template).output.split())

    assert (
        "no event type, so no route takes it: give --header x-shopify-topic=VALUE, as Shopify does,"
        " or --event-type TYPE" in output
    )
    assert "--event-type" not in run("shop", SHOPIFY, "--file", template).output


@pytest.mark.parametrize(
    ("when", "filtered"), [("body.id == `7`", 1), ("event_type == 'a' || body.id == `7`", 1)]
)
def test_condition_on_the_body_needs_no_event_type(
    template: Path, tmp_path: Path, when: str, filtered: int
) -> None:
    text = TEMPLATE.replace("event_type == 'orders/create'", when).replace("MAPPED", "body.id")
    template.write_text(text.replace("      Otherwise", "      Split: body.all\n      Otherwise"))
    bare = tmp_path / "bare.json"
    bare.write_text('{"all": [{"id": 7}, {"id": 8}]}')
    output = run("shop", bare, "--file", template).output

    assert f"{filtered} event is filtered" in output
    assert "no event type, so" not in output


def test_condition_on_the_body_that_selects_nothing_needs_no_event_type(
    template: Path, tmp_path: Path
) -> None:
    template.write_text(TEMPLATE.replace("event_type == 'orders/create'", "body.kind == 'a'"))
    bare = tmp_path / "bare.json"
    bare.write_text('{"kind": "b"}')

    assert "no event type, so" not in run("shop", bare, "--file", template).output


@pytest.mark.parametrize(
    ("before", "after", "error"),
    [
        (
            "Otherwise: drop",
            "Othrwise: drop",
            ":20: Othrwise: there is no such property; is it O",
        ),
        ("Flow: events", "Flw: events", "Flw: there is no such property; is it Flow?"),
        ("{Name: people}", "{Nme: people}", ":9: Flows.1.Nme: there is no such property; is it Na"),
    ],
)
def test_unknown_property_is_an_error_as_in_a_deployment(
    template: Path, before: str, after: str, error: str
) -> None:
    template.write_text(TEMPLATE.replace("MAPPED", "body.id").replace(before, after))
    result = run("shop", SHOPIFY, "--file", template)

    assert result.exit_code == 1
    assert error in " ".join(result.output.split())


@pytest.mark.parametrize(
    ("split", "fault"),
    [
        ("body", "Split: body is an object, not a list"),
        ("body.total_price", "Split: body.total_price is a string, not a list"),
        ("body.nothing", "Split: body.nothing is null, not a list"),
    ],
)
def test_split_of_no_list_is_the_reason_of_the_dead_letter(
    template: Path, split: str, fault: str
) -> None:
    """No route was asked."""
    text = TEMPLATE.replace("MAPPED", "body.id")
    template.write_text(text.replace("Otherwise", f"Split: {split}\n      Otherwise"))
    result = run("shop", SHOPIFY, "--file", template)

    assert result.exit_code == 1
    assert fault in " ".join(result.output.split())
    assert "no route takes it" not in result.output


@pytest.mark.parametrize(
    ("privacy", "note"),
    [
        ("Drop: [email]", "Routes.0.Identity.Email reads body.email, which Privacy drops before"),
        ("Mask: [email]", "Routes.0.Identity.Email reads body.email, which Privacy masks: all are"),
        ("Drop: [line_items.*.sku]", "Routes.0.Map.a reads body.line_items.*.sku, which Privacy"),
        ("Drop: [line_items]", "Routes.0.Map.a reads body.line_items, which Privacy drops before"),
    ],
)
def test_field_that_privacy_removes_and_an_expression_reads_is_pointed_out(
    template: Path, privacy: str, note: str
) -> None:
    text = TEMPLATE.replace("MAPPED}", READS_PERSONAL_DATA)
    template.write_text(text.replace("Otherwise", f"Privacy: {{{privacy}}}\n      Otherwise"))
    assert f"! {note}" in " ".join(run("shop", SHOPIFY, "--file", template).output.split())


@pytest.mark.parametrize("privacy", ["Hash: [email]", "Drop: [phone]", "Mask: [line_items]"])
def test_privacy_that_leaves_what_is_read_is_not_pointed_out(template: Path, privacy: str) -> None:
    text = TEMPLATE.replace("MAPPED}", READS_PERSONAL_DATA)
    template.write_text(text.replace("Otherwise", f"Privacy: {{{privacy}}}\n      Otherwise"))
    assert "which Privacy" not in run("shop", SHOPIFY, "--file", template).output
