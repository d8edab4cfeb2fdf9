"""Find the name that a misspelled one may mean."""

from collections.abc import Collection


def nearest(name: str, known: Collection[str], *, similarity: float = 0.6) -> str:
    """Return the known name that is the most similar; empty if none is similar enough.

    A name that differs in upper and lower case only is the nearest, however short it is: of `Url`
    and `URL` one character of three is equal.

    Args:
        name: the misspelled one.
        known: those that exist.
        similarity: from 0 to 1, as the ratio of `difflib`; what a name needs at least.
    """
    from difflib import get_close_matches  # noqa: PLC0415 (only for what is refused)

    by_letters = {each.casefold(): each for each in known}
    if same := by_letters.get(name.casefold()):
        return same
    if close := get_close_matches(name, known, n=1, cutoff=similarity):
        return close[0]
    folded = get_close_matches(name.casefold(), by_letters, n=1, cutoff=similarity)
    return by_letters[folded[0]] if folded else ""
