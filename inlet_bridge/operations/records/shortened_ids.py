"""Find the ID that an operator gives only the beginning of."""

from collections.abc import Iterable
from typing import Final

_LEAST_CHARACTERS: Final = 6
"""Fewer are those of too many IDs."""
_HASH: Final = "sha256:"
_ELLIPSIS: Final = "…."
MOST_SHOWN: Final = 5


def beginning_with(shortened: str, ids: Iterable[str]) -> list[str]:
    """The IDs that begin so and are longer; none for a text of fewer than six characters.

    The prefix `sha256:` may be missing, and an ellipsis may be at the end.
    """
    begin = shortened.rstrip(_ELLIPSIS)
    if len(begin) < _LEAST_CHARACTERS:
        return []
    found = (
        each
        for each in ids
        if each not in (shortened, begin) and each.startswith((begin, f"{_HASH}{begin}"))
    )
    return list(dict.fromkeys(found))


def meant_by(shortened: str, ids: Iterable[str]) -> str:
    """The continuation of a sentence that there is no such ID: which are meant; may be empty."""
    found = beginning_with(shortened, ids)
    if len(found) == 1:
        return f"; is it {found[0]}?"
    more = ", …" if len(found) > MOST_SHOWN else ""
    return f"; several begin so: {', '.join(found[:MOST_SHOWN])}{more}" if found else ""
