"""Find the name that a misspelled one may mean."""

from collections.abc import Collection
from typing import Final

_MOST: Final = 3


def nearest(name: str, known: Collection[str], *, similarity: float = 0.6) -> str:
    """Return the known name that is the most similar; empty if none is similar enough.

    Args: as of `similar`.
    """
    return next(iter(similar(name, known, similarity=similarity)), "")


def similar(name: str, known: Collection[str], *, similarity: float = 0.6) -> list[str]:
    """Return up to three known names that a misspelled one may mean, the nearest first.

    A name that differs in upper and lower case only is the one, however short it is: of `Url` and
    `URL` one character of three is equal.

    Args:
        name: the misspelled one.
        known: those that exist.
        similarity: from 0 to 1, as the ratio of `difflib`; what a name needs at least.
    """
    from difflib import get_close_matches  # noqa: PLC0415 (only for what is refused)

    by_letters = {each.casefold(): each for each in known}
    if same := by_letters.get(name.casefold()):
        return [same]
    if close := get_close_matches(name, known, _MOST, similarity):
        return close
    folded = get_close_matches(name.casefold(), by_letters, _MOST, similarity)
    return [by_letters[each] for each in folded]
