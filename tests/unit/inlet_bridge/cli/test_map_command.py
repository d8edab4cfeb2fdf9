"""Tests of `inlet map`."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from inlet_bridge.cli.main import app
from inlet_bridge.mapping.declared import read_source
from inlet_bridge.operations.errors import OperationError
from tests.support.sam_template import ROOT

SHOPIFY = ROOT / "events" / "mapping" / "shopify-order.json"
TEMPLATE = """
Parameters:
  SourceName: {Type: String, Default: shop}
Resources:
  Connection:
    Type: Custom::StreamingConnection
    Properties:
      Name: orders
      Flows: [{Name: events, DatasetId: !Ref Dataset, SchemaId: x}, {Name: people}]
  Source:
    Type: Custom::WebhookSource
    Properties:
      ServiceToken: !GetAtt ProvisionerFunction.Arn
      Name: !Ref SourceName
      Provider: shopify
      Secrets: [!Sub "/inlet-bridge/${Stage}/secrets/shop"]
      Connection: !GetAtt Connection.Name
      Routes:
        - {When: "event_type == 'orders/create'", Flow: events, Map: {a: MAPPED}}
      Otherwise: drop
"""


@pytest.fixture
def template(tmp_path: Path) -> Path:
    file = tmp_path / "template.yaml"
    file.write_text(TEMPLATE.replace("MAPPED", "body.id"))
    return file


def run(*arguments: object) -> Any:
    return CliRunner().invoke(app, ["map", *map(str, arguments)])


def test_output_has_flow_message_and_size(template: Path) -> None:
    result = run("shop", SHOPIFY, "--file", template)

    assert result.exit_code == 0
    for text in ("orders/create", "✓ events", '"a": 820982911946154508', "bytes"):
        assert text in result.output


def test_json_output(template: Path) -> None:
    result = run("shop", SHOPIFY, "--file", template, "--json")

    [shown] = json.loads(result.output)[str(SHOPIFY)]["shown"]
    assert shown["flow"] == "events"
    assert shown["message"]["a"] == 820982911946154508
    assert shown["error"] == ""


def test_event_and_headers_can_be_given(template: Path, tmp_path: Path) -> None:
    bare = tmp_path / "bare.json"
    bare.write_text('{"id": 7}')

    assert "filtered" in run("shop", bare, "--file", template).output
    for given in (("--event-type", "orders/create"), ("--header", "X-Shopify-Topic=orders/create")):
        assert '"a": 7' in run("shop", bare, "--file", template, *given).output


def test_query_is_read_from_the_sample_and_the_options(tmp_path: Path) -> None:
    template = tmp_path / "template.yaml"
    text = TEMPLATE.replace("MAPPED", "[query.shop, 'query.page[1]']")
    template.write_text(text.replace("Otherwise: drop", 'Unsigned: ["query:shop", "query:page"]'))
    sample = tmp_path / "sample.json"
    given = ("--file", template, "--event-type", "orders/create", "--json")

    def message(*options: str) -> Any:
        result = run("shop", sample, *given, *options)
        [shown] = json.loads(result.output)[str(sample)]["shown"]
        return shown["message"]["a"]

    for query in ({"shop": "Büro & Co", "page": ["1", "2"]}, "shop=B%C3%BCro+%26+Co&page=1&page=2"):
        sample.write_text(json.dumps({"headers": {}, "body": {"id": 7}, "query": query}))
        assert message() == ["Büro & Co", "2"]
    sample.write_text("{}")
    assert message("--query", "shop=Büro & Co", "--query", "page=1", "--query", "page=2") == [
        "Büro & Co",
        "2",
    ]
    sample.write_text(json.dumps({"headers": {}, "body": "", "query": 5}))
    assert "query must be an object" in run("shop", sample, *given).output


def test_numbers_are_shown_as_they_are_sent(template: Path, tmp_path: Path) -> None:
    sample = tmp_path / "sample.json"
    for number in ("987654321098765.654321", "1e400", "0.1000", "-0", "9" * 5_000):
        for body in (f'{{"id":{number}}}', f'{{"headers":{{}},"body":{{"id":{number}}}}}'):
            sample.write_text(body)
            given = ("--file", template, "--event-type", "orders/create", "--json")
            assert f'"a": {number}' in run("shop", sample, *given).output


def test_message_that_would_be_a_dead_letter_sets_the_exit_status(template: Path) -> None:
    template.write_text(TEMPLATE.replace("MAPPED", "date(body.name)"))
    result = run("shop", SHOPIFY, "--file", template)

    assert result.exit_code == 1
    assert "✗ events" in result.output
    assert "a: date() cannot convert" in result.output


def test_bad_expression_is_reported_with_its_place(template: Path) -> None:
    template.write_text(TEMPLATE.replace("MAPPED", "boddy.id"))
    result = run("shop", SHOPIFY, "--file", template)

    assert result.exit_code == 1
    assert "Routes.0.Map: a: reads boddy" in result.output


def test_schema_is_checked(template: Path, tmp_path: Path) -> None:
    schema = tmp_path / "schema.json"
    schema.write_text('{"properties": {"b": {"type": "string"}}}')
    result = run("shop", SHOPIFY, "--file", template, "--schema", f"events={schema}")

    assert result.exit_code == 1
    assert "a: the schema has no such field" in result.output


def test_response_to_the_sender_is_printed(template: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.json"
    broken.write_text("{")
    result = run("shop", broken, "--file", template)

    assert result.exit_code == 1
    assert "refused: 415" in result.output


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b'{"a":', "is not JSON at line 1, column 6"),
        (b'{"a": 1,\n}', "is not JSON at line "),
        (b"\xff", "is not UTF-8 at byte 0"),
    ],
)
def test_place_of_a_fault_in_a_sample_is_named(
    template: Path, tmp_path: Path, content: bytes, reason: str
) -> None:
    sample = tmp_path / "sample.json"
    sample.write_bytes(content)
    result = run("shop", sample, "--file", template)

    assert result.exit_code == 1
    assert f"! the body {reason}" in " ".join(result.output.split())


@pytest.mark.parametrize(
    ("flow", "content", "reason"),
    [
        ("events", None, "--schema: FILE cannot be read: No such file or directory"),
        ("events", "{", "--schema: FILE is not JSON at line 1, column 2"),
        ("events", "[]", "--schema: FILE is not a JSON Schema, which is an object"),
        ("evnts", "{}", "--schema: the source has no flow evnts; there is events"),
    ],
)
def test_invalid_schema_is_named(
    template: Path, tmp_path: Path, flow: str, content: str | None, reason: str
) -> None:
    schema = tmp_path / "schema.json"
    if content is not None:
        schema.write_text(content)
    result = run("shop", SHOPIFY, "--file", template, "--schema", f"{flow}={schema}")

    assert result.exit_code == 1
    assert reason.replace("FILE", str(schema)) in " ".join(result.output.split())


def test_output_is_repeated_when_a_file_changes(
    template: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C ends the command with the exit status of the last output."""
    changes = iter([TEMPLATE.replace("MAPPED", "date(body.name)"), None])

    def sleep(_: float) -> None:
        text = next(changes)
        if text is None:
            raise KeyboardInterrupt
        template.write_text(text)

    monkeypatch.setattr("inlet_bridge.cli.map_preview.time.sleep", sleep)
    result = run("shop", SHOPIFY, "--file", template, "--watch")

    assert result.output.count("orders/create") == 2
    assert result.exit_code == 1


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
        "no event type, so no route takes it: give --event-type TYPE as shopify names it" in output
    )
    assert "--event-type" not in run("shop", SHOPIFY, "--file", template).output


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
