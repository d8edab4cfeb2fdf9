"""Tests of what YAML would misread: the error names the line, and what is read."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from inlet_bridge.cli.main import app
from inlet_bridge.template_reading.declared_resources import DeclaredResources
from inlet_bridge.template_reading.errors import ResourceError
from inlet_bridge.template_reading.template_text import MOST_BYTES

TEMPLATE = """
Resources:
  Source:
    Type: Custom::WebhookSource
    Properties:
      Name: shop
      Provider: github
      Connection: orders
      Routes:
        - Flow: events
          Map:
            MAP
"""
LINE = 12
QUOTES = "in double quotes"


def written(folder: Path, text: str) -> Path:
    file = folder / "sources.yaml"
    file.write_text(TEMPLATE.replace("MAP", text))
    return file


@pytest.mark.parametrize(
    ("text", "reason", "hint"),
    [
        (
            "{priceTotal: money(a, b)}",
            "priceTotal is read as money(a, since a comma ends a value within { }",
            'Put the whole expression in quotes: priceTotal: "money(a, b)"',
        ),
        (
            "{total: sum(a, b, c), d: e}",
            "total is read as sum(a, since a comma ends a value within { }",
            'total: "sum(a, b, c)"',
        ),
        ("{a: join(',', x)}", "{a: join(',', x)}", QUOTES),
        ("{a: body.items[0]}", "a comma or } must follow a value within { }", QUOTES),
        ("a: `1`", "cannot begin with ` without quotes, in: a: `1`", 'a: "`1`"'),
        ("a: @.x", "cannot begin with @ without quotes, in: a: @.x", 'a: "@.x"'),
        ("a: 'a' == b", "the value ends at its second quote, in: a: 'a' == b", "a: \"'a' == b\""),
        (
            "a: body.items[].{SKU: sku}",
            "a colon and a space within a value begin another value",
            'a: "body.items[].{SKU: sku}"',
        ),
        (
            "a: !contains(b, 'c')",
            "the value ends at its second quote, in: a: !contains(b, 'c')",
            "a: \"!contains(b, 'c')\"",
        ),
        ("a: !body.x", "Map.a: !body.x is read as a YAML tag", "that begins with !"),
        ("!Ref a: b", "!Ref is where a name must be", QUOTES),
        ("a: *b", "an alias (*name) is not supported", QUOTES),
        ("<<: {a: b}", "no hash merge", ""),
        ("a: on", "Map.a: YAML reads on as true", "Put it in quotes"),
        ("no: body.x", "the name no is read as false", "Put it in quotes"),
        ("a: 010", "Map.a: YAML reads 010 as 8", "Put it in quotes"),
        ("a: 12:30", "Map.a: YAML reads 12:30 as 750", "Put it in quotes"),
        ("a: 1_000", "Map.a: YAML reads 1_000 as 1000", "Put it in quotes"),
        ("a: .inf", "Map.a: YAML reads .inf as inf", "Put it in quotes"),
        ("a:", "Routes.0.Map.a is null, which CloudFormation rejects", "Leave it out"),
        ("a: ~", "Routes.0.Map.a is null, which CloudFormation rejects", "Leave it out"),
        ("[a, ]: b", "a name must be a text", "Put { and [ in quotes"),
        ("\ta: b", "it has a tab where YAML accepts only spaces, in: a: b", "Indent with spaces"),
        ("a:\tb", "it has a tab where YAML accepts only spaces", "Replace it with a space"),
    ],
)
def test_trap_is_named_with_its_line(tmp_path: Path, text: str, reason: str, hint: str) -> None:
    file = written(tmp_path, text)
    with pytest.raises(ResourceError) as caught:
        DeclaredResources(file).all()

    assert str(caught.value).startswith(f"{file}:{LINE}: ")
    assert reason in str(caught.value)
    assert hint in caught.value.hint


def test_second_value_of_a_name_is_an_error(tmp_path: Path) -> None:
    file = written(tmp_path, "a: b\n            a: c")

    with pytest.raises(ResourceError, match=rf":{LINE + 1}: Routes.0.Map.a occurs twice"):
        DeclaredResources(file).all()


@pytest.mark.parametrize(
    ("text", "reason", "hint"),
    [
        (
            "a: [money(b, c)]",
            "Routes.0.Map: a.0: is not a JMESPath expression",
            "A comma ends a value within { } or [ ]",
        ),
        (
            "a: body.items[?n == ' #1']",
            "it is read as body.items[?n == '",
            "A # after a space begins a comment",
        ),
        ("a: lowr(body.x)", "a: calls lowr(), which does not exist; is it lower()?", ""),
        ("a: x:y", "a: is not a JMESPath expression", ""),
        ("a:b", "it is read as a:b", "A colon ends a name only if a space follows it"),
        ("a: 'order'", "it is read as order", "A literal needs quotes of its own: \"'order'\""),
    ],
)
def test_rejected_expression_is_shown_as_it_is_read(
    tmp_path: Path, text: str, reason: str, hint: str
) -> None:
    file = written(tmp_path, text)
    sample = tmp_path / "sample.json"
    sample.write_text("{}")
    given = ["map", "shop", str(sample), "--file", str(file)]
    result = CliRunner().invoke(app, given, env={"COLUMNS": "400"})

    assert result.exit_code == 1
    assert f"{file}:{LINE}: " in result.output
    output = " ".join(result.output.split())
    assert reason in output
    assert hint in output


@pytest.mark.parametrize(
    "text", ["a: body.a || 'x, y'", "a: 2026-11-29", "a: 1.5", "a: '010'", "a: true", "a: 'on'"]
)
def test_what_is_read_as_it_is_written_is_accepted(tmp_path: Path, text: str) -> None:
    [source] = DeclaredResources(written(tmp_path, text)).all()

    value = text.removeprefix("a: ").strip("'") if text.count("'") == 2 else text[3:]
    assert source.properties["Routes"][0]["Map"]["a"] in (value, text[3:])


def test_size_and_depth_of_a_file_are_bounded(tmp_path: Path) -> None:
    file = tmp_path / "sources.yaml"
    file.write_text("#" * (MOST_BYTES + 1))
    with pytest.raises(ResourceError, match="is over 1048576 bytes"):
        DeclaredResources(file)
    file.write_text("[" * 100_000)
    with pytest.raises(ResourceError, match="nested too deeply"):
        DeclaredResources(file)
