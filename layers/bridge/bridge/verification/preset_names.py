"""Find the preset that another name of a provider may mean, such as `stripe_webhooks`."""

import re
from collections.abc import Collection
from typing import Final

from bridge.spelling import similar

# What names of providers are written with in other places.
_AROUND: Final = re.compile(r"(?:webhooks?|hooks?|events?|api|com|inc|v?\d+)*")
_NO_LETTERS: Final = re.compile(r"[^a-z0-9]+")


def similar_presets(name: str, presets: Collection[str]) -> list[str]:
    """Return up to three presets that a name may mean, the likeliest first.

    Args:
        name: that no preset has.
        presets: the names that there are.
    """
    letters = _letters(name)
    alone = [
        each
        for each in presets
        if letters.startswith(own := _letters(each)) and _AROUND.fullmatch(letters, len(own))
    ]
    if alone:
        return [max(alone, key=len)]
    return similar(name.lower(), presets)


def _letters(name: str) -> str:
    return _NO_LETTERS.sub("", name.lower())
