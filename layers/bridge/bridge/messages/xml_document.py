"""Convert an XML body to a document that expressions can read."""

from collections.abc import Mapping
from typing import Any, Final, Never
from xml.parsers import expat

# Deeper than any message that a provider sends.
_DEEPEST: Final = 100


def xml_document(body: bytes) -> dict[str, Any]:
    """Return the root by its name: an element is a text, or an object of attributes and elements.

    Names are local names, attribute names begin with `@`, repeated elements are a list, and text
    next to elements is `#text`.

    Raises:
        ValueError: the body is not XML, has a document type declaration (an attack vector), or is
            nested too deeply.
    """
    builder = _Builder()
    parser = expat.ParserCreate(namespace_separator="}")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.text
    try:
        parser.Parse(body, True)
    except (expat.ExpatError, LookupError) as exc:
        raise ValueError(type(exc).__name__) from None
    return builder.root


class _Builder:
    """Builds objects from the elements of one document."""

    def __init__(self) -> None:
        self.root: dict[str, Any] = {}
        self._open: list[dict[str, Any]] = [self.root]
        self._texts: list[str] = [""]

    def start(self, _: str, attributes: Mapping[str, str]) -> None:
        if len(self._open) > _DEEPEST:
            raise ValueError("nested too deeply")
        self._open.append({f"@{_local(key)}": text for key, text in attributes.items()})
        self._texts.append("")

    def text(self, text: str) -> None:
        self._texts[-1] += text

    def end(self, name: str) -> None:
        element, text = self._open.pop(), self._texts.pop().strip()
        value: Any = element | ({"#text": text} if text else {}) if element else text
        _add(self._open[-1], _local(name), value)


def _add(parent: dict[str, Any], name: str, value: Any) -> None:
    if name not in parent:
        parent[name] = value
    elif isinstance(parent[name], list):
        parent[name].append(value)
    else:
        parent[name] = [parent[name], value]


def _local(name: str) -> str:
    return name.rpartition("}")[2]


def _refuse(*_: object) -> Never:
    raise ValueError("declares a type")
