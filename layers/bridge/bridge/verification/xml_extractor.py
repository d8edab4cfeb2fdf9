"""Extract a text from an XML body."""

from collections.abc import Mapping, Sequence

from bridge.body_content import BodyContent
from bridge.errors import UnsupportedBodyError
from bridge.xml_parsing import MAX_DEPTH, local_name, parse_xml


def text_at(content: BodyContent, path: Sequence[str]) -> str:
    """The text of the first element at a path of local names below the root, or of an attribute.

    Empty for a document with a document type declaration, which attacks on XML parsers need, and
    for one that is nested too deeply.
    """
    search = _Search(path)
    try:
        parse_xml(content, search)
    except (UnsupportedBodyError, ValueError):
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
        self._open.append(local_name(name))
        if len(self._open) > MAX_DEPTH:
            raise ValueError
        if self._attribute and not self._done and self._here():
            same = (text for key, text in attributes.items() if local_name(key) == self._attribute)
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
