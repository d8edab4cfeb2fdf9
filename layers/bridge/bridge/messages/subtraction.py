"""Tell a minus from the hyphen in a name, in an expression that is invalid because of it."""

import re
from typing import Final

_SUBTRACTION: Final = (
    "there is no arithmetic; sum([body.a, `-1`]) subtracts 1, and two fields are subtracted by the"
    " sender or at Adobe"
)
_HYPHEN: Final = 'a name with a hyphen needs double quotes, as in body."first-name"'
# Nothing, a space or a bracket before it ends a name; so does what begins a value of its own.
_BEFORE: Final = re.compile(r"(?:^|[\s)\]}`'\"(,\[{|&=<>!])\Z")
_AFTER: Final = re.compile(r"-(?:[\s(`'@]|\w+\(|(?:body|headers|query)[.\[])")


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
