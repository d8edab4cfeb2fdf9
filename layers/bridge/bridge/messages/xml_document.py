"""Convert an XML body to a document that expressions can read."""

from collections.abc import Mapping
from typing import Any

from bridge.bodies.body_content import BodyContent
from bridge.bodies.xml_parsing import MAX_DEPTH, local_name, parse_xml


def xml_document(content: BodyContent) -> dict[str, Any]:
    """Return the root by its name: an element is a text, or an object of attributes and elements.

    Names are local names, attribute names begin with `@`, repeated elements are a list, and text
    next to elements is `#text`.

    Raises:
        ValueError: the body is not XML, has a document type declaration (an attack vector), or is
            nested too deeply.
        UnsupportedBodyError: it is not in the encoding that it declares.
    """
    builder = _Builder()
    parse_xml(content, builder)
    return builder.root


class _Builder:
    """Builds objects from the elements of one document."""

    def __init__(self) -> None:
        self.root: dict[str, Any] = {}
        self._open: list[dict[str, Any]] = [self.root]
        # Adding each part to a text would copy it as often as it has parts.
        self._texts: list[list[str]] = [[]]

    def start(self, _: str, attributes: Mapping[str, str]) -> None:
        if len(self._open) > MAX_DEPTH:
            raise ValueError("nested too deeply")
        self._open.append({f"@{local_name(key)}": text for key, text in attributes.items()})
        self._texts.append([])

    def text(self, text: str) -> None:
        self._texts[-1].append(text)

    def end(self, name: str) -> None:
        element, text = self._open.pop(), "".join(self._texts.pop()).strip()
        value: Any = element | ({"#text": text} if text else {}) if element else text
        _add(self._open[-1], local_name(name), value)


def _add(parent: dict[str, Any], name: str, value: Any) -> None:
    if name not in parent:
        parent[name] = value
    elif isinstance(parent[name], list):
        parent[name].append(value)
    else:
        parent[name] = [parent[name], value]
