"""Find the section of docs/operations.md that an alarm names."""

import re
from functools import cache
from pathlib import Path
from typing import Final

_HERE: Final = Path(__file__).resolve()
_PLACES: Final = (_HERE.with_name("operations.md"), _HERE.parents[3] / "docs" / "operations.md")
"""Of an installed package, and of a checkout."""
_HEADING: Final = re.compile(r"^#{2,4} (.+)$", re.MULTILINE)
_NO_ANCHOR: Final = re.compile(r"[^a-z0-9 -]")


@cache
def runbooks() -> dict[str, tuple[str, str]]:
    """Title and text of each section by its anchor."""
    text = next(place for place in _PLACES if place.exists()).read_text(encoding="utf-8")
    headings = list(_HEADING.finditer(text))
    ends = [each.start() for each in headings[1:]] + [len(text)]
    return {
        _anchor(heading[1]): (heading[1], text[heading.end() : end].strip())
        for heading, end in zip(headings, ends, strict=True)
    }


def _anchor(title: str) -> str:
    """As GitHub makes it."""
    return _NO_ANCHOR.sub("", title.lower()).replace(" ", "-")
