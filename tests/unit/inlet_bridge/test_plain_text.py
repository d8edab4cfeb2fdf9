"""Tests of the escaping of external text for a terminal."""

import io
import json
import sys

import pytest
from rich.console import Group, RenderableType
from rich.markdown import Markdown
from rich.padding import Padding
from rich.table import Table
from rich.text import Text as RichText
from rich.tree import Tree

from inlet_bridge.cli.styled_text import PlainConsole, Text, stacked, text_of_json, text_of_lines
from inlet_bridge.plain_text import plain, plain_json
from tests.support.hostile_text import HOSTILE, MARKUP, unsafe


def drawn(*parts: RenderableType, **options: object) -> str:
    file = io.StringIO()
    PlainConsole(file=file, width=400, **options).print(*parts)
    return file.getvalue()


def table() -> Table:
    made = Table(HOSTILE, title=HOSTILE, caption=HOSTILE)
    made.add_row(HOSTILE)
    made.add_row(Text(HOSTILE))
    made.add_row(RichText(HOSTILE))
    return made


def tree() -> Tree:
    made = Tree(HOSTILE)
    made.add(Text(HOSTILE)).add(RichText(HOSTILE))
    return made


def test_invisible_and_control_characters_are_replaced() -> None:
    everything = "".join(map(chr, range(sys.maxunicode + 1)))

    assert len(plain(everything)) == len(everything)
    assert unsafe(plain(everything)) == set()
    assert not {"\n", "\t"} & set(plain(everything))


def test_printable_text_is_unchanged() -> None:
    written = "Zoë ﷼ שלום 你好 🎉 נ̈ a\u0301 1,000 € «x» \xa0| ✓ �"

    assert plain(written) == written
    assert plain("a\n\tb", lines=True) == "a\n\tb"


def test_escaped_json_has_the_same_value() -> None:
    document = {HOSTILE: [HOSTILE, "\ud800", "é🎉", 1.5, None]}
    written = plain_json(document)

    assert json.loads(written) == document
    assert unsafe(written) == set()
    assert "é🎉" in written


def test_numbers_that_json_does_not_have_are_rejected() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        plain_json([float("inf")])


@pytest.mark.parametrize(
    "part",
    [
        HOSTILE,
        Text(HOSTILE),
        Text(HOSTILE, "bold"),
        Text().append(HOSTILE),
        Text.assemble(HOSTILE, (HOSTILE, "red"), Text(HOSTILE)),
        RichText(HOSTILE),
        text_of_lines(HOSTILE),
        text_of_json({HOSTILE: HOSTILE}),
        stacked([Text(HOSTILE), Text(HOSTILE)]),
        Padding(HOSTILE),
        Group(HOSTILE, Text(HOSTILE)),
        Markdown(HOSTILE),
        table(),
        tree(),
    ],
    ids=lambda part: type(part).__name__,
)
def test_every_way_of_printing_escapes_text(part: RenderableType) -> None:
    output = drawn(part)

    assert unsafe(output) == set()
    assert "https://evil.example" in output  # As text.
    on_terminal = drawn(part, force_terminal=True, color_system="truecolor")
    assert not any(each in on_terminal for each in ("\x1b]", "\x1b[2J", "\x9b", "\u202e"))


def test_output_has_no_hyperlinks() -> None:
    parts = (Markdown("[x](https://evil.example)"), RichText("x", "link https://evil.example"))

    assert "\x1b]8" not in drawn(*parts, force_terminal=True)


@pytest.mark.parametrize("part", [MARKUP, Text(MARKUP), RichText(MARKUP)])
def test_markup_is_text(part: RenderableType) -> None:
    assert MARKUP in drawn(part)


def test_columns_are_aligned_for_any_content() -> None:
    made = Table("name", "state", box=None)
    made.add_row("\x1b[31m\u202ea\u200b", "waits")
    made.add_row("1234567890", "waits")
    lines = drawn(made).splitlines()

    assert len({line.index("waits") for line in lines if "waits" in line}) == 1


def test_deeply_nested_document_is_not_indented() -> None:
    document: list[object] = []
    for _ in range(500):
        document = [document]

    assert plain_json(document) == "[" * 501 + "]" * 501
    assert plain_json([[1]]) == "[\n  [\n    1\n  ]\n]"
