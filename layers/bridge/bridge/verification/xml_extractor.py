"""Extract a text from an XML body."""

from collections.abc import Mapping, Sequence
from typing import Final, Never
from xml.parsers import expat

# No provider sends messages with deeper nesting.
_MAX_DEPTH: Final = 100


def text_at(body: bytes, path: Sequence[str]) -> str:
    """The text of the first element at a path of local names below the root, or of an attribute.

    Empty for a document with a document type declaration, which attacks on XML parsers need, and
    for one that is nested too deeply.
    """
    search = _Search(path)
    parser = expat.ParserCreate(namespace_separator="}")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _reject
    parser.StartElementHandler = search.start
    parser.EndElementHandler = search.end
    parser.CharacterDataHandler = search.text
    try:
        parser.Parse(body, True)
    except (expat.ExpatError, ValueError, LookupError):
        return ""
    return "".join(search.found).strip()


class _Search:
    """Expat handlers that look for the path in one document."""

    def __init__(self, path: Sequence[str]) -> None:
        *elements, last = path
        self._attribute = last.removeprefix("@") if last.startswith("@") else ""
        self._path = elements if self._attribute else list(path)
        self._open: list[str] = []
        self._done = False
        self.found: list[str] = []

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        self._open.append(_local(name))
        if len(self._open) > _MAX_DEPTH:
            raise ValueError
        if self._attribute and not self._done and self._here():
            same = (text for key, text in attributes.items() if _local(key) == self._attribute)
            self.found = list(same)[-1:]
            self._done = True

    def text(self, text: str) -> None:
        if not self._attribute and not self._done and self._here():
            self.found.append(text)

    def end(self, _: str) -> None:
        self._done = self._done or self._here()
        self._open.pop()

    def _here(self) -> bool:
        return self._open[1:] == self._path


def _local(name: str) -> str:
    return name.rpartition("}")[2]


def _reject(*_: object) -> Never:
    raise ValueError
