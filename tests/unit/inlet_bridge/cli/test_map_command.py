"""Tests of `inlet map`."""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from inlet_bridge.cli import map_preview
from tests.support.map_runs import SHOPIFY, TEMPLATE, run


@pytest.fixture
def template(tmp_path: Path) -> Path:
    file = tmp_path / "template.yaml"
    file.write_text(TEMPLATE.replace("MAPPED", "body.id"))
    return file


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


def test_reason_that_is_longer_than_a_line_is_shown_to_its_end(template: Path) -> None:
    mapped = f"{'a' * 40}: date_from_seconds(body.name)"
    template.write_text(TEMPLATE.replace("a: MAPPED", mapped))
    result = run("shop", SHOPIFY, "--file", template)

    shown = " ".join(result.output.split())
    assert "it takes Unix time in seconds; date_from_milliseconds() takes milliseconds" in shown
    assert "takes milliseconds, and date() a date in ISO 8601" in shown


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
        (
            "events",
            '{"a": 1}',
            "--schema: FILE is no JSON Schema: it has no type, properties, allOf or",
        ),
        ("events", '{"type": "Issue", "$ref": 1}', "FILE is no JSON Schema: it has no t"),
        ("events", '{"event_id": "a", "type": ["a"]}', "a sample is no schema"),
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

    # A server of another test may sleep in a thread of this process.
    monkeypatch.setattr(map_preview, "time", SimpleNamespace(sleep=sleep))
    result = run("shop", SHOPIFY, "--file", template, "--watch")

    assert result.output.count("orders/create") == 2
    assert result.exit_code == 1
