"""Headers that a provider spells in several ways.

`a|b` is the first of these headers that is not empty: a provider renames its headers but may send
both. `a-*` is every header whose name begins with `a-`: one signature per key.
"""

from collections.abc import Mapping
from typing import Final

OR: Final = "|"
ALL: Final = "*"


def spelled_values(headers: Mapping[str, str], name: str) -> tuple[str, ...]:
    """The values of these spellings that are not empty; at most one, unless one ends in `*`."""
    if OR in name:
        return next(((text,) for each in name.split(OR) if (text := headers.get(each))), ())
    if name.endswith(ALL):
        prefix = name.removesuffix(ALL)
        return tuple(text for each, text in headers.items() if each.startswith(prefix) and text)
    return ()


def is_header(wanted: str, name: str) -> bool:
    """Whether the name of an extractor includes a header."""
    return any(
        wanted.startswith(each.removesuffix(ALL)) if each.endswith(ALL) else wanted == each
        for each in name.split(OR)
    )
