"""Tests of what YAML's parser rejects: the error names the line, the cause and the way out."""

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from inlet_bridge.cli.main import app
from inlet_bridge.mapping.edit_check import check_edit
from inlet_bridge.template_editing.document import SourcesFile
from inlet_bridge.template_reading.errors import ResourceError
from inlet_bridge.template_reading.yaml_reader import read_text

TEMPLATE = """\
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
            eventType: "'a'"
            producedBy: "'system'"
        - Flow: other
          Map:
            x: y
      Otherwise: drop
"""

_MAP = "          Map:\n            eventType: \"'a'\"\n"
_BESIDE = "          Map:\n          eventType: \"'a'\"\n"
INDENTATION = [
    (_MAP, _BESIDE, 11, "in the column of Map", "Indent eventType with 12 spaces, below Map."),
    (
        _MAP,
        f"{_BESIDE}          web: {{}}\n",
        11,
        "eventType is in the column of Map, which has no value",
        "Indent lines 11 to 12 with 12 spaces, below Map.",
    ),
    (
        "    Properties:\n      Name",
        "    Properties:\n    Name",
        5,
        "Name is in the column of Properties",
        "Indent Name with 6 spaces, below Properties.",
    ),
    (
        "  Source:\n    Type",
        "  Source:\n  Type",
        3,
        "Type is in the column of Source, which has no value",
        "Indent Type with 4 spaces, below Source.",
    ),
    (
        _MAP,
        "          Map:\n          Invalid: send\n            eventType: \"'a'\"\n",
        12,
        "it is indented below line 11, which has a value already",
        "Indent it with 10 spaces, as Invalid in line 11",
    ),
    ("      Provider: ", "        Provider: ", 6, "below line 5", "6 spaces, as Name in line 5"),
    ("      Provider: ", "     Provider: ", 6, "5 spaces of indentation", "6 spaces, as Name"),
    ("      Provider: ", "    Provider: ", 6, "above and below it with 6", "with 6 spaces"),
    (
        "          Map:\n            e",
        "         Map:\n            e",
        10,
        "below line 9",
        "10 spaces",
    ),
    ("            produced", "           produced", 12, "11 spaces", "as eventType in line 11"),
    ("            produced", "              produced", 12, "below line 11", "12 spaces"),
    ("        - Flow: other", "       - Flow: other", 13, "7 spaces", "as its dash in line 9"),
    ("        - Flow: other", "         - Flow: other", 13, "9 spaces", "8 spaces, as its dash"),
    (
        "Resources:\n",
        "Resources: {}\nResources:\n",
        2,
        "Resources occurs twice",
        "each section",
    ),
    ("        - Flow: other", "          Flow: other", 13, "occurs twice", "list item: - Flow"),
    ("            x: y", "            x: y\n            - z", 16, "column of names", "the dash"),
    ("            x: y", "            - x\n            y: z", 16, "of list items", "a dash"),
    ("      Provider: ", "\tProvider: ", 6, "it has a tab", "not with tabs"),
    ("      Provider: ", "\u00a0     Provider: ", 6, "U+00A0", "Indent with spaces"),
]
COLONS = [
    ("Provider: github", "Provider:github", 6, "no space after its colon", "Provider: github"),
    ("Name: shop", "Name:shop", 5, "no space after its colon", "Write Name: shop"),
    ("- Flow: events", "-Flow: events", 9, "no space after its dash", "- Flow: events"),
    ("Provider: github", "Provider github", 6, "no name that ends with a colon", "a colon and"),
    ("    Properties:", "    Properties", 4, "no name that ends with a colon", "a colon and"),
    ("Resources:", "Resources", 1, "no name that ends with a colon", "a colon and a space"),
    ("x: y", "x: a: body.b", 15, "begin another value", "write x: {a: body.b}, or a in a line of"),
    ("x: y", "x: a: body.b", 15, "begin another value", 'Put the whole value in quotes: x: "a: bo'),
    ("x: y", "x: {a body.b}", 15, "there is no colon after a in a body.b", "Write a: body.b with"),
    ("x: y", "x: {c: d, a body.b}", 15, "no colon after a in a body.b", "Write a: body.b with"),
    ("x: y", "x: {c: hello, dear friend}", 15, "a comma ends a value", '"hello, dear friend"'),
    ("x: y", "x: a: b", 15, "a colon and a space within a value", 'x: "a: b"'),
]
QUOTES = [
    ("\"'a'\"", "\"'a'", 11, 'the quote " that begins here is not closed', 'another "'),
    ("\"'a'\"", "'a", 11, "the quote ' that begins here is not closed", "another '"),
    ("\"'system'\"", "\"'system", 12, 'the quote " that begins here is not closed', 'another "'),
    ("x: y", "x: 'y", 15, "the quote ' that begins here is not closed", "another '"),
    ("\"'a'\"", '"join("x", y)"', 11, "ends at its second quote", "'join(\"x\", y)'"),
    ("x: y", 'x: "\\d"', 15, "there is none of this form", "single quotes"),
]
BRACKETS = [
    ("x: y", "x: [y", 15, "the bracket [ that begins here is not closed", "Write ] at the end"),
    ("\"'a'\"", "{a: y", 11, "the bracket { that begins here is not closed", "Write } at the"),
    ("x: y", "x: {a: y}}", 15, "} closes no bracket", "Remove it."),
    ("x: y", "x: [y]]", 15, "] closes no bracket", "Remove it."),
    ("x: y", "x: {a: !b.c}", 15, "!b.c is read as a YAML tag", "begins with ! in quotes"),
    ("x: y", "x: {a: [!b.c]}", 15, "!b.c is read as a YAML tag", "begins with ! in quotes"),
    ("x: y", "x: {a: !b.c, d: e}", 15, "!b.c is read as a YAML tag", "begins with ! in quotes"),
    ("x: y", "x: {a: !Ref}", 15, "!Ref has no value", "Write a space and a value after !Ref."),
    ("x: y", "x: {a: !Reff}", 15, "no function !Reff; is it !Ref?", "Write !Ref, or put"),
    ("x: y", "x: {a: [y}", 15, "} is where ] must close the bracket", "Write it"),
    ("x: y", 'x: ["a" "b"]', 15, "a comma or ] must follow", "Write it"),
    ("x: y", "x: {a: b,\n              c: d e: f}", 16, "a comma or } must follow", "Write it"),
]
OTHERS = [
    (
        "Name: shop",
        "Nmae: shop",
        5,
        "Source has no Name; is Nmae meant",
        "name the resource: Source",
    ),
    ("x: y", "x: %y", 15, "cannot begin with % without quotes", 'x: "%y"'),
    ("x: y", "x: {a: `b`}", 15, "cannot begin with ` without quotes", 'in quotes: a: "`b`"'),
    ("x: y", "x: {c: d, a: @, e: f}", 15, "cannot begin with @ without", 'in quotes: a: "@"'),
    ("x: y", "x: &", 15, "cannot begin with & without quotes", 'x: "&"'),
    ("x: y", "x: \x01", 15, "the control character U+0001", "Remove the character"),
    ("      Otherwise", "<<<<<<< HEAD\n      Otherwise", 16, "merge conflict", "one of the two"),
    ("      Otherwise", "=======\n      Otherwise", 16, "merge conflict", "one of the two"),
    ("Resources:", "---\na: b\n---\nResources:", 3, "a second document", "Remove the line"),
    ("Resources:", "Resources:\n  Other:", 2, "Resources.Other is null", "deeper than its name"),
]
CASES = (*INDENTATION, *COLONS, *QUOTES, *BRACKETS, *OTHERS)


@pytest.mark.parametrize("case", CASES, ids=lambda each: each[1])
def test_cause_and_way_out_are_named(tmp_path: Path, case: tuple[str, str, int, str, str]) -> None:
    old, new, line, reason, hint = case
    assert old in TEMPLATE
    file, sample = tmp_path / "sources.yaml", tmp_path / "sample.json"
    text = TEMPLATE.replace(old, new, 1)
    file.write_text(text)
    sample.write_text("{}")

    result = CliRunner().invoke(
        app, ["map", "shop", str(sample), "--file", str(file)], env={"COLUMNS": "400"}
    )

    assert result.exit_code == 1
    assert f"{file}:{line}: " in result.output
    output = " ".join(result.output.split())
    assert reason in output
    assert hint in output
    if "Nmae" in new:
        reason, hint = "is it Name, which is required?", ""
    with pytest.raises(ResourceError) as caught:
        check_edit(file, text, {})
    assert reason in str(caught.value)
    assert hint in caught.value.hint


@pytest.mark.parametrize("case", CASES, ids=lambda each: each[1])
def test_file_that_is_edited_has_the_same_advice(
    tmp_path: Path, case: tuple[str, str, int, str, str]
) -> None:
    old, new, line, reason, hint = case
    file = tmp_path / "sources.yaml"
    file.write_text(TEMPLATE.replace(old, new, 1))
    if any(each in reason for each in ("twice", "null", "Nmae", "no colon after", "comma ends")):
        return  # What it means is checked when the resource is read.

    with pytest.raises(ResourceError) as caught:
        SourcesFile.read(file)

    assert str(caught.value).startswith(f"{file}:{line}: ")
    assert reason in str(caught.value)
    assert hint in caught.value.hint


@pytest.mark.parametrize(
    "added", ["", " ", "\t", "\n", "'", '"', "{", "]", ":", "-", "|", "&", "%"]
)
def test_any_damaged_file_is_explained(added: str) -> None:
    file = Path("sources.yaml")
    for at in range(len(TEMPLATE)):
        text = f"{TEMPLATE[:at]}{added}{TEMPLATE[at + (not added) :]}"
        try:
            read_text(text, file)
        except ResourceError as exc:
            assert re.match(r"sources.yaml:[1-9]\d*: ", str(exc))  # noqa: PT017
            assert exc.hint, str(exc)  # noqa: PT017
            assert "<" not in str(exc).partition(", in: ")[0], "a word of the grammar"  # noqa: PT017
