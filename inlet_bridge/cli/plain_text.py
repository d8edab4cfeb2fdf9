"""Text as a terminal may show it: no markup is interpreted, and nothing invisible gets through.

Delivery ids, event types, reasons and payloads come from whoever can reach a webhook's URL.
Everything that the `inlet` command prints passes through `plain`.
"""

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any, Final, Self

from rich.console import Console, ConsoleOptions, RenderableType
from rich.highlighter import JSONHighlighter
from rich.segment import Segment
from rich.style import Style
from rich.text import Text as RichText
from rich.text import TextType

_REPLACEMENT: Final = "\N{REPLACEMENT CHARACTER}"
# The Unicode categories Cc (C0, DEL and C1 controls), Cf (bidirectional controls, zero-width
# characters, tags), Cs, Zl and Zp, the noncharacters of the first plane, and what else has the
# property Default_Ignorable_Code_Point: it shows nothing and hides that two names differ.
# https://www.unicode.org/Public/15.1.0/ucd/DerivedCoreProperties.txt
_UNSAFE_BUT_LINES: Final = (
    "\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2"
    "\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164"
    "\ud800-\udfff\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff"
    "\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e0fff"
)
_IN_LINES: Final = re.compile(f"[{_UNSAFE_BUT_LINES}]")
_IN_ONE_LINE: Final = re.compile(f"[\t\n{_UNSAFE_BUT_LINES}]")


def plain(text: str, *, lines: bool = False) -> str:
    r"""Replace each character that a terminal would obey or not show by U+FFFD.

    Args:
        text: from anywhere.
        lines: whether `\n` and `\t` stay; a name with a line break could forge a line of output.
    """
    return (_IN_LINES if lines else _IN_ONE_LINE).sub(_REPLACEMENT, text)


def plain_json(document: Any) -> str:
    r"""Write indented JSON; what `plain` would replace is escaped as `\uXXXX` and means the same.

    Raises:
        ValueError: a number is not finite, for which JSON has no form.
    """
    text = json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False)
    return _IN_LINES.sub(lambda found: json.dumps(found[0])[1:-1], text)


class Text(RichText):
    """Rich's text, of one line, from which unsafe characters are replaced."""

    def __init__(self, text: str = "", style: str | Style = "", **options: Any) -> None:
        super().__init__(plain(text), style, **options)

    def append(self, text: TextType, style: str | Style | None = None) -> Self:
        """Append text, as `rich.text.Text.append`."""
        super().append(plain(text) if isinstance(text, str) else text, style)
        return self

    @classmethod
    def assemble(cls, *parts: TextType | tuple[str, str | Style], **options: Any) -> Self:
        """Append parts, as `rich.text.Text.assemble`."""
        text = cls(**options)
        for part in parts:
            text = text.append(*part) if isinstance(part, tuple) else text.append(part)
        return text


def text_of_lines(text: str, style: str = "") -> Text:
    """Text that keeps its line breaks and tabs, such as a payload."""
    return Text(style=style, overflow="fold").append(RichText(plain(text, lines=True)))


def text_of_json(document: Any) -> RichText:
    """Indented JSON in color. Raises ValueError as `plain_json`."""
    return JSONHighlighter()(text_of_lines(plain_json(document)))


def stacked(lines: Iterable[RichText]) -> Text:
    """Lines as one text."""
    text = Text(overflow="fold")
    for number, line in enumerate(lines):
        text.append(RichText("\n" if number else "")).append(line)
    return text


class PlainConsole(Console):
    """A console without markup and links, which applies `plain` to whatever is printed."""

    def __init__(self, **options: Any) -> None:
        super().__init__(markup=False, emoji=False, highlight=False, **options)

    def render_str(self, text: str, **options: Any) -> RichText:
        """Turn a string into text before it is laid out; also cells and titles of tables."""
        return super().render_str(plain(text), **options | {"markup": False, "emoji": False})

    def render(
        self, renderable: RenderableType, options: ConsoleOptions | None = None
    ) -> Iterator[Segment]:
        """Render anything; `control` marks what rich itself tells the terminal."""
        for segment in super().render(renderable, options):
            text, style, control = segment
            if style and style.link:
                style = style.update_link(None)
            yield segment if control else Segment(plain(text, lines=True), style)
