"""Styled text and a console that print untrusted text as plain text, without markup."""

from collections.abc import Iterable, Iterator
from typing import Any, Self

from rich.console import Console, ConsoleOptions, RenderableType
from rich.highlighter import JSONHighlighter
from rich.segment import Segment
from rich.style import Style
from rich.text import Text as RichText
from rich.text import TextType

from inlet_bridge.plain_text import plain, plain_json


class Text(RichText):
    """A line of rich text without unsafe characters."""

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
    """Text with its line breaks and tabs, such as a payload."""
    return Text(style=style, overflow="fold").append(RichText(plain(text, lines=True)))


def text_of_json(document: Any) -> RichText:
    """Indented JSON in color. Raises ValueError as `plain_json`."""
    return JSONHighlighter()(text_of_lines(plain_json(document)))


def stacked(lines: Iterable[RichText]) -> Text:
    """Join lines."""
    text = Text(overflow="fold")
    for number, line in enumerate(lines):
        text.append(RichText("\n" if number else "")).append(line)
    return text


class PlainConsole(Console):
    """A console without markup and links that applies `plain` to everything it prints."""

    def __init__(self, **options: Any) -> None:
        super().__init__(markup=False, emoji=False, highlight=False, **options)

    def render_str(self, text: str, **options: Any) -> RichText:
        """Convert a string, also a cell or title of a table, to text."""
        return super().render_str(plain(text), **options | {"markup": False, "emoji": False})

    def render(
        self, renderable: RenderableType, options: ConsoleOptions | None = None
    ) -> Iterator[Segment]:
        """Render an object; only rich itself creates control segments."""
        for segment in super().render(renderable, options):
            text, style, control = segment
            if style and style.link:
                style = style.update_link(None)
            yield segment if control else Segment(plain(text, lines=True), style)
