"""Find the section of docs/operations.md or docs/troubleshooting.md that a page names."""

import re
from functools import cache
from pathlib import Path
from typing import Final

_HERE: Final = Path(__file__).resolve()
_PAGES: Final = ("operations.md", "troubleshooting.md")
_FOLDERS: Final = (_HERE.parent, _HERE.parents[3] / "docs")
"""Of an installed package, and of a checkout."""
_HEADING: Final = re.compile(r"^#{2,4} (.+)$", re.MULTILINE)
_NO_ANCHOR: Final = re.compile(r"[^a-z0-9 -]")


@cache
def runbooks() -> dict[str, tuple[str, str]]:
    """Title and text of each section of both pages by its anchor."""
    return {anchor: found for page in _PAGES for anchor, found in _sections(page).items()}


def _sections(page: str) -> dict[str, tuple[str, str]]:
    places = (folder / page for folder in _FOLDERS)
    text = next(place for place in places if place.exists()).read_text(encoding="utf-8")
    headings = list(_HEADING.finditer(text))
    ends = [each.start() for each in headings[1:]] + [len(text)]
    return {
        anchor_of(heading[1]): (heading[1], text[heading.end() : end].strip())
        for heading, end in zip(headings, ends, strict=True)
    }


def anchor_of(title: str) -> str:
    """The anchor of a heading, as GitHub makes it."""
    return _NO_ANCHOR.sub("", title.lower()).replace(" ", "-")
