"""Parse JSON by RFC 8259, and return the exact bytes of each message of a batch."""

import json
import re
from dataclasses import dataclass
from typing import Any, Never

_MOST_DIGITS = 4_300  # Of sys.get_int_max_str_digits().
_WHITESPACE = re.compile(r"[ \t\n\r]*")


class MalformedJsonError(ValueError):
    """The bytes are not the expected JSON."""


@dataclass(frozen=True, slots=True)
class Element:
    """One value inside a larger document.

    Attributes:
        value: the decoded value.
        content: its bytes as they were sent.
    """

    value: Any
    content: bytes


def _refuse_constant(name: str) -> Never:
    raise MalformedJsonError(f"{name} is no JSON")


def _integer(text: str) -> float:
    """An integer; RFC 8259 does not limit its digits, Python's int does."""
    return int(text) if len(text) <= _MOST_DIGITS else float(text)


_DECODER = json.JSONDecoder(parse_int=_integer, parse_constant=_refuse_constant)


def _text(content: bytes) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError as exc:
        raise MalformedJsonError("not UTF-8") from exc


def parse(content: bytes) -> Any:
    """The value of a whole document. Raises MalformedJsonError."""
    cursor = _Cursor(_text(content))
    value = cursor.value()
    cursor.end()
    return value


def parse_messages(content: bytes) -> list[Element]:
    """The messages of `{"messages": [...]}`, each with its own slice of the content.

    Raises MalformedJsonError, also without an array of that name.
    """
    cursor = _Cursor(_text(content))
    messages: list[Element] | None = None
    cursor.expect("{")
    more = not cursor.accept("}")
    while more:
        name = cursor.value()
        cursor.expect(":")
        if name == "messages":
            messages = cursor.elements()
        else:
            cursor.value()
        more = cursor.accept(",")
        if not more:
            cursor.expect("}")
    cursor.end()
    if messages is None:
        raise MalformedJsonError("no messages")
    return messages


class _Cursor:
    """A position in a text that advances over valid JSON only."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._position = 0
        self._skip()

    def accept(self, character: str) -> bool:
        found = self._text.startswith(character, self._position)
        if found:
            self._position += 1
            self._skip()
        return found

    def expect(self, character: str) -> None:
        if not self.accept(character):
            raise MalformedJsonError(f"expected {character} at character {self._position}")

    def end(self) -> None:
        if self._position != len(self._text):
            raise MalformedJsonError(f"more after the end at character {self._position}")

    def value(self) -> Any:
        return self._element().value

    def elements(self) -> list[Element]:
        self.expect("[")
        found: list[Element] = []
        if self.accept("]"):
            return found
        while True:
            found.append(self._element())
            if not self.accept(","):
                self.expect("]")
                return found

    def _element(self) -> Element:
        start = self._position
        try:
            value, end = _DECODER.raw_decode(self._text, start)
        except (ValueError, RecursionError) as exc:
            raise MalformedJsonError(f"no JSON at character {start}") from exc
        self._position = end
        self._skip()
        return Element(value, self._text[start:end].encode())

    def _skip(self) -> None:
        match = _WHITESPACE.match(self._text, self._position)
        self._position = match.end() if match else self._position
