"""Text that attacks a terminal, and what may not be in an output."""

import unicodedata
from typing import Final

FORGED: Final = "✓ every promise was kept"
"""A line of output that no command printed."""

MARKUP: Final = "[/red][link=https://evil.example]x[/link][bold]:warning:"

HOSTILE: Final = (
    f"{MARKUP}\x1b[2J\x1b]8;;https://evil.example\x07y\x1b]8;;\x07\x9b31m\x9d0;title\x9c\u202e"
    "\u2066\u200f\u061c\u200b\ufeff\xad\u2060\U000e0041\ufe0f\u2028\u2029\x85\x00\x7f\x08\r"
    f"\n{FORGED}\n"
)
"""Markup, ESC and C1 sequences, bidirectional controls, what is invisible, and a line."""

# Categories Cf, Zl and the like; beside them, characters of zero width that are letters or marks.
_CATEGORIES: Final = {"Cc", "Cf", "Cs", "Zl", "Zp"}
_INVISIBLE: Final = "\u034f\u115f\u1160\u17b4\u17b5\u3164\ufe00\ufe0f\uffa0\U000e0100"


def unsafe(text: str) -> set[str]:
    """The characters of an output that a terminal would obey or not show."""
    return {
        sign
        for sign in set(text)
        if sign != "\n" and (unicodedata.category(sign) in _CATEGORIES or sign in _INVISIBLE)
    }


def forged_lines(text: str) -> list[str]:
    """The lines that begin as if a command had printed them."""
    return [line for line in text.splitlines() if line.startswith(FORGED)]
