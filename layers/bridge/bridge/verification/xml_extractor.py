"""Extract texts from an XML body."""

from collections.abc import Mapping, Sequence

from bridge.bodies.body_content import BodyContent
from bridge.bodies.xml_parsing import MAX_DEPTH, local_name, parse_xml
from bridge.errors import UnsupportedBodyError

EACH_ELEMENT = "*"
"""A step after an element's name: each element of that name, not only the first."""


def texts_at(content: BodyContent, path: Sequence[str]) -> tuple[str, ...]:
    """The texts at a path of local names below the root; the last may be `@` and an attribute.

    The text of the first element, or with `*` one of each element before it, empty where an
    element has none. There is no text in a document with a document type declaration, which
    attacks on XML parsers need, and in one that is nested too deeply.
    """
    search = _Search(path)
    try:
        parse_xml(content, search)
    except (UnsupportedBodyError, ValueError):
        return ()
    return tuple(text.strip() for text in search.found)


class _Search:
    """Expat handlers that look for the path in one document."""

    def __init__(self, path: Sequence[str]) -> None:
        names = [step for step in path if step != EACH_ELEMENT]
        self._attribute = names.pop()[1:] if names[-1].startswith("@") else ""
        self._path = names
        self._item = list(path[: path.index(EACH_ELEMENT)]) if EACH_ELEMENT in path else None
        self._open: list[str] = []
        self._text: list[str] = []
        self._done = False
        self.found: list[str] = []

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        self._open.append(local_name(name))
        if len(self._open) > MAX_DEPTH:
            raise ValueError
        if self._open[1:] == self._item:
            self._done = False
        if self._attribute and self._wanted():
            same = (text for key, text in attributes.items() if local_name(key) == self._attribute)
            self._finish("".join(list(same)[-1:]))

    def text(self, text: str) -> None:
        if not self._attribute and self._wanted():
            self._text.append(text)

    def end(self, _: str) -> None:
        if self._wanted():
            self._finish("".join(self._text))
        if self._open[1:] == self._item and not self._done:
            self._finish("")
        self._open.pop()

    def _wanted(self) -> bool:
        return not self._done and self._open[1:] == self._path

    def _finish(self, text: str) -> None:
        self.found.append(text)
        self._text = []
        self._done = True
