"""Say how to mend an expression that is invalid because of a number, a minus or a hyphen."""

import re
from typing import Final

from jmespath.exceptions import ParseError

_SUBTRACTION: Final = (
    "there is no arithmetic; sum([body.a, `-1`]) subtracts 1, and two fields are subtracted by the"
    " sender or at Adobe"
)
_HYPHEN: Final = 'a name with a hyphen needs double quotes, as in body."first-name"'
# Nothing, a space or a bracket before it ends a name; so does what begins a value of its own.
_BEFORE: Final = re.compile(r"(?:^|[\s)\]}`'\"(,\[{|&=<>!])\Z")
_AFTER: Final = re.compile(r"-(?:[\s(`'@]|\w+\(|(?:body|headers|query)[.\[])")
_BEFORE_A_VALUE: Final = re.compile(r"(^|[<>=!(,:&|])\s*\Z")
# A list, and not the position in one, as in `body.items[1, 2]`.
_FIRST_IN_A_LIST: Final = re.compile(r"(?:^|[<>=!(,:&|\[{])\s*\[\s*(-?\d+)\s*\Z")
_NUMBER: Final = re.compile(r"-?\d+(\.\d+)?([eE][+-]?\d+)?")


def minus_advice(text: str, at: int) -> str:
    """What to write in place of a hyphen, without the subject.

    Args:
        text: the expression.
        at: the position of the hyphen.
    """
    if _BEFORE.search(text[:at]) or _AFTER.match(text, at):
        return _SUBTRACTION
    is_number = text[at + 1 : at + 2].isdigit()
    return f"{_HYPHEN}, and there is no arithmetic" if is_number else _HYPHEN


def number_advice(text: str, exc: ParseError) -> str:
    """What to write in place of a number without backticks; or empty."""
    kind = exc.token_type
    if number := _bare_number(text, exc):
        return f"a number is written in backticks, as `{number}`"
    if kind == "NUMBER" and text.startswith("-", exc.lex_position):
        return f"it has -; {minus_advice(text, exc.lex_position)}"
    return ""


def _bare_number(text: str, exc: ParseError) -> str:
    """The number in place of a value at which an expression fails; or empty."""
    before, kind = text[: exc.lex_position], exc.token_type
    if kind == "COMMA" and (first := _FIRST_IN_A_LIST.search(before)):
        return first[1]
    found = _NUMBER.match(text, exc.lex_position) if kind == "NUMBER" else None
    return found[0] if found and _BEFORE_A_VALUE.search(before) else ""
