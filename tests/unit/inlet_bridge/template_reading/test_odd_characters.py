"""Characters that only look like those of YAML, or that cannot be seen, are named."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from inlet_bridge.cli.main import app
from inlet_bridge.mapping.edit_check import check_edit
from inlet_bridge.template_reading.errors import ResourceError

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
          Map: {eventType: "'a'", b: body.c}
      Otherwise: drop
"""
SPACE = "which only looks like a space"
HIDDEN = "which cannot be seen"
CASES = [
    ("Provider: ", "Provider:\u00a0", 6, f"U+00A0 (no-break space), {SPACE}", "with a space."),
    ("Provider: ", "Provider:\u3000", 6, f"U+3000 (ideographic space), {SPACE}", "with a space."),
    ("Provider: ", "Provider:\u202f", 6, "U+202F", "with a space."),
    ("Provider: ", "Provider:\u200b", 6, f"U+200B (zero width space), {HIDDEN}", "a space anew."),
    ("Provider: ", "Provider\u200b: ", 6, "has the character U+200B", "Type the line anew."),
    ("Provider: ", "Provider\u00a0: ", 6, "has the character U+00A0", "Type the line anew."),
    ("Provider: ", "\ufeffProvider: ", 6, "U+FEFF", "Type the line anew."),
    ("Provider: ", "Pro\u00advider: ", 6, "U+00AD", "Type the line anew."),
    ("      Provider", "\u00a0     Provider", 6, "U+00A0", "Indent with spaces."),
    ("      Provider", "\u2003\u2003Provider", 6, "U+2003 (em space)", "Indent with spaces."),
    ("Provider: ", "Provider\uff1a ", 6, "U+FF1A (fullwidth colon)", "a colon and a space."),
    ("Provider: ", "Provider\uff1a", 6, "U+FF1A (fullwidth colon)", "a colon and a space."),
    ("b: body.c", "b\uff1abody.c", 10, "U+FF1A (fullwidth colon)", "a colon and a space."),
    ("github", "github\u200b", 6, "Provider: ", "U+200B (zero width space), which cannot be seen"),
    ("github", "\u201cgithub\u201d", 6, "Provider: ", "straight quotes"),
    ("Otherwise: drop", "Otherwise: \u2018drop\u2019", 11, "Otherwise: ", "straight quotes"),
    ("\"'a'\"", "\u201c'a'\u201d", 10, "Routes.0.Map", "straight quotes"),
    ("\"'a'\"", '"\u2018a\u2019"', 10, "Routes.0.Map", "straight quotes"),
    ("body.c", "body\u200b.c", 10, "Routes.0.Map", "U+200B"),
    ("Connection: orders", "Connection: orders\u00a0", 7, "Connection: ", "U+00A0"),
    ("events\n", "\u201cevents: a\u201d\n", 9, "U+201C (left double quotation mark)", "straight"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda each: ascii(each[1]))
def test_character_and_way_out_are_named(
    tmp_path: Path, case: tuple[str, str, int, str, str]
) -> None:
    old, new, line, reason, hint = case
    assert old in TEMPLATE
    text = TEMPLATE.replace(old, new, 1)
    file, sample = tmp_path / "sources.yaml", tmp_path / "sample.json"
    file.write_text(text, "utf-8")
    sample.write_text("{}")

    arguments = ["map", "shop", str(sample), "--file", str(file)]
    result = CliRunner().invoke(app, arguments, env={"COLUMNS": "400"})

    output = " ".join(result.output.split())
    assert result.exit_code == 1, output
    assert f"{file}:{line}: " in output
    assert reason in output
    assert hint in output
    with pytest.raises(ResourceError) as caught:
        check_edit(file, text, {})  # As `inlet up` does.
    assert f"{file}:{line}: " in str(caught.value)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("'a'", "'a\u00a0\u201cb\u201d'"),
        ("b: body.c", '"b\u00a0": body.c'),
        ("Resources:", "# \u201ca\u201d\u00a0\uff1a\nResources:"),
    ],
    ids=ascii,
)
def test_characters_that_may_be_meant_are_kept(old: str, new: str) -> None:
    assert old in TEMPLATE
    check_edit(Path("sources.yaml"), TEMPLATE.replace(old, new, 1), {})


@pytest.mark.parametrize("text", ["L\u2019\u00e9t\u00e9", "a\u00a0b"], ids=ascii)
def test_character_of_a_text_is_not_blamed_for_another_mistake(text: str) -> None:
    with pytest.raises(ResourceError, match="compare with ==") as caught:
        check_edit(Path("a"), TEMPLATE.replace("body.c", f"\"body.c = '{text}'\""), {})

    assert "It has the" not in caught.value.hint
