"""References of a template to parameters, resources and attributes."""

import re
from collections.abc import Iterator
from typing import Any

_SUBSTITUTED = re.compile(r"\$\{([A-Za-z0-9:.]+)\}")


def references(value: Any) -> Iterator[tuple[str, str, str]]:
    """Yield references below a value as (`name` or `attribute`, logical ID, attribute)."""
    match value:
        case {"Ref": str(name)}:
            yield "name", name, ""
        case {"Fn::GetAtt": [str(name), str(attribute)]}:
            yield "attribute", name, attribute
        case {"Fn::Sub": str(text)}:
            for found in _SUBSTITUTED.findall(text):
                name, _, attribute = found.partition(".")
                yield ("attribute" if attribute else "name"), name, attribute
        case {"Fn::Sub": [str(text), dict(own)]}:
            yield from (each for each in references({"Fn::Sub": text}) if each[1] not in own)
            yield from references(own)
        case dict():
            for item in value.values():
                yield from references(item)
        case list():
            for item in value:
                yield from references(item)
