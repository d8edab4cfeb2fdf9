"""Find characters that look like those of YAML, or cannot be seen at all.

They come with text that is copied from web pages, chats and word processors, and from keyboards of
other scripts.
"""

import re
import unicodedata
from typing import Final

_SPACES: Final = "\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
_INVISIBLE: Final = "\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff"
_LINE_BREAKS: Final = "\u2028\u2029\u0085"
_COLONS: Final = "\uff1a\ufe55\ua789\u2236\ufe13"
_QUOTES: Final = "\u2018-\u201f\u2032\u2033\u00ab\u00bb\uff02\uff07"
_ODD: Final = re.compile(f"[{_SPACES}{_INVISIBLE}{_LINE_BREAKS}]")
_BEFORE_A_NAME: Final = re.compile(f"[ -]*([{_SPACES}{_INVISIBLE}])")
_IN_A_NAME: Final = re.compile(f"""[ -]*["']?[\\w.$-]*([{_INVISIBLE}])[\\w.$-]*["']? *:""")
_AT_A_COLON: Final = re.compile(
    f"[ -]*[\\w.$-]+(?:([{_SPACES}{_INVISIBLE}]) *:|:([{_SPACES}{_INVISIBLE}])|([{_COLONS}]))"
)
_QUOTE: Final = re.compile(f"(?:[ -]*[\\w.$-]+: +|[ -]*- +)([{_QUOTES}])")
_TEXTS: Final = re.compile(r"""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|`(?:[^`\\]|\\.)*`""")
_OUTER_QUOTE: Final = re.compile(f"[{_QUOTES}]")


def odd_character(line: str) -> tuple[str, str] | None:
    """The reason and the hint for a line that YAML cannot read because of one; None for none.

    Only where YAML expects indentation, a name, a colon or a quote: elsewhere they may be meant.
    """
    if found := _BEFORE_A_NAME.match(line):
        return _in_the_indentation(found[1])
    if found := _IN_A_NAME.match(line):
        return f"its name has the character {_described(found[1])[0]}, which cannot be seen", _ANEW
    if found := _AT_A_COLON.match(line):
        return _at_a_colon(next(filter(None, found.groups())))
    if found := _QUOTE.match(line):
        return f"it has the quote {_described(found[1])[0]}, which is none of YAML's", _STRAIGHT
    return None


def _in_the_indentation(odd: str) -> tuple[str, str]:
    shown, what = _described(odd)
    if what == "invisible":
        return f"it begins with the character {shown}, which cannot be seen", _ANEW
    return (
        f"it begins with the character {shown}, which only looks like a space",
        "Indent with spaces.",
    )


def _at_a_colon(odd: str) -> tuple[str, str]:
    shown, what = _described(odd)
    if what == "colon":
        return (
            f"it has {shown} where YAML needs the colon : and a space",
            "Replace it with a colon and a space.",
        )
    if what == "invisible":
        return (
            f"at its colon is the character {shown}, which cannot be seen",
            "Type the colon and a space anew.",
        )
    return (
        f"at its colon is the character {shown}, which only looks like a space",
        "Replace it with a space.",
    )


def odd_name(name: str) -> tuple[str, str] | None:
    """The reason and the hint for a name without quotes that has one; None for none."""
    if found := _ODD.search(name):
        shown, _ = _described(found[0])
        return (
            f"the name {_visible(name)} has the character {shown}",
            f"{_ANEW} If the character is meant, put the name in double quotes.",
        )
    if re.match(r"-\w", name):
        return f"there is no space after the dash of {name}", f"Write - {name[1:]}: with a space."
    if found := re.search(f"[{_COLONS}]", name):
        return (
            f"the name {name} has {_described(found[0])[0]} in place of a colon",
            "Replace it with a colon and a space.",
        )
    return None


def odd_value(value: str) -> str:
    """The way out for an invalid value that has one; empty for none.

    In the texts of an expression they may be meant.
    """
    value = _TEXTS.sub("", value)
    if found := _ODD.search(value):
        return f"It has the character {_described(found[0])[0]}, which cannot be seen; remove it."
    if found := _OUTER_QUOTE.search(value):
        return f"It has the quote {_described(found[0])[0]}. {_STRAIGHT}"
    return ""


_ANEW: Final = "Type the line anew."
_STRAIGHT: Final = "Write straight quotes: ' or \"."


def _described(character: str) -> tuple[str, str]:
    """The code and the name of a character, and what it stands for."""
    name = unicodedata.name(character, "").lower()
    shown = f"U+{ord(character):04X}" + (f" ({name})" if name else "")
    if re.match(f"[{_COLONS}]", character):
        return shown, "colon"
    if re.match(f"[{_QUOTES}]", character):
        return shown, "quote"
    return shown, "space" if re.match(f"[{_SPACES}]", character) else "invisible"


def _visible(text: str) -> str:
    return _ODD.sub("\N{REPLACEMENT CHARACTER}", text)
