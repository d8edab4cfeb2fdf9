"""Say what YAML made of an expression, and how to write it instead."""

import re
from typing import Final

from bridge.messages.expression_tree import NAMES
from bridge.messages.other_languages import LITERALS, PARAMETERS, WEBHOOK
from bridge.spelling import nearest
from inlet_bridge.template_reading.yaml_loader import SHORT_FORMS

_LONGEST: Final = 120
_NAME: Final = re.compile(r"[A-Za-z_][\w.-]*(?:[/:+][A-Za-z][\w.-]*)*")
_NO_SPACE: Final = re.compile(r"[A-Za-z_]\w*:(?!//)[^:\s]")
_JOINED: Final = re.compile(r"([\w.$-]+):([^\s:].*)", re.DOTALL)
_SPACED: Final = re.compile(r"([A-Za-z_$][\w$-]*) +(\S+)")
_NESTED: Final = re.compile(r"(?:- +)*([\w$-]+): +([A-Za-z_$][\w$-]*): +([\w.$-]+)")
_BEFORE_A_VALUE: Final = re.compile(r"\{(?:.*[{,])? *([\w$-]+): +\Z")
QUOTES: Final = "Put expressions with , : # ! [ ] { } or quotes of their own in double quotes."


def shown(text: str) -> str:
    """A text for an error, at most 120 characters of it."""
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}…"


def shown_path(steps: tuple[str, ...]) -> str:
    """The path within the properties of a resource, or within the template."""
    match steps:
        case ("Resources", _, "Properties", *rest) if rest:
            steps = tuple(rest)
    shown_steps = (
        each
        for index, each in enumerate(steps)
        # A function and the position of its argument are no part of a property's path.
        if not each.startswith("Fn::") and (not index or steps[index - 1] != "Fn::If")
    )
    return ".".join(shown_steps) or "the file"


def comma_trap(name: str, read: str, written: str) -> tuple[str, str]:
    """The reason and the hint for a value within { } that a comma ends."""
    reason = f"{shown(name)} is read as {shown(read)}, since a comma ends a value within {{ }}"
    return reason, f"Put the whole expression in quotes: {shown(name)}: {quoted_value(written)}"


def unknown_tag(tag: str) -> tuple[str, str, bool]:
    """The reason and the hint for a tag that is no short form of a function.

    The last item is whether it is a misspelled one.
    """
    if close := nearest(tag.removeprefix("!"), SHORT_FORMS):
        reason = f"CloudFormation has no function {shown(tag)}; is it !{close}?"
        hint = f"Write !{close}, or put an expression that begins with ! in quotes."
        return reason, hint, True
    reason = f"{shown(tag)} is read as a YAML tag, and is no function of CloudFormation"
    return reason, "Put an expression that begins with ! in quotes.", False


def expression_hint(read: str, after: str, *, quoted: bool) -> str:
    """Why YAML may have read something else than the line has; empty if it has read all of it."""
    first = read.partition(".")[0]
    is_path = (
        first.casefold() in NAMES or first in WEBHOOK or first in PARAMETERS or first in LITERALS
    )
    if quoted and _NAME.fullmatch(read) and not is_path:
        return f"""YAML removes the quotes. A literal needs quotes of its own: "'{read}'"."""
    if quoted:
        return ""
    if _NO_SPACE.match(read):
        return "A colon ends a name only if a space follows it."
    rest = after.lstrip()
    if rest.startswith(",") and not is_balanced(read):
        return "A comma ends a value within { } or [ ]: put the whole expression in quotes."
    if rest.startswith("#") and after != rest and not is_balanced(read):
        return "A # after a space begins a comment: put the whole expression in quotes."
    return ""


def quoted_value(text: str) -> str:
    """A value in quotes that YAML removes, for a hint; at most 120 characters of it."""
    value = text.strip()
    if len(value) > 1 and value[0] == value[-1] and value[0] in "'\"":
        value = value[1:-1]
    value = shown(value)
    if '"' not in value and "\\" not in value:
        return f'"{value}"'
    return "'" + value.replace("'", "''") + "'"


def colon_fault(text: str, *, is_first: bool) -> tuple[str, str] | None:
    """The reason and the hint for a name within { } that was meant to have a value.

    Args:
        text: the name as YAML reads it.
        is_first: whether no comma is before it, so that it is no rest of a value.
    """
    if found := _JOINED.fullmatch(text):
        return (
            f"there is no space after the colon in {shown(text)}, so it is a name",
            f"Write {shown(found[1])}: {shown(found[2])} with a space.",
        )
    if (found := _SPACED.fullmatch(text)) and (is_first or found[2].partition(".")[0] in NAMES):
        return (
            f"there is no colon after {found[1]} in {shown(text)}, so it is a name",
            f"Write {found[1]}: {shown(found[2])} with a colon and a space.",
        )
    return None


def nested_field(line: str) -> str:
    """How a line such as `a: b: c` is written if b is a field of a; empty for another line."""
    found = _NESTED.fullmatch(line)
    if found is None:
        return ""
    outer, inner, value = found.groups()
    return (
        f"If {inner} is a field of {outer}, write {outer}: {{{inner}: {shown(value)}}}, or {inner}"
        " in a line of its own that is indented. Else it is a text. "
    )


def inner_value(line: str, column: int) -> tuple[str, str] | None:
    """The reason and the hint for a value within { } that begins with a character of YAML's own.

    Args:
        line: of the file.
        column: at which the parser gave up.
    """
    before, rest = line[:column], line[column:]
    found = _BEFORE_A_VALUE.search(before)
    if found is None or rest[:1] not in ("`", "@", "%"):
        return None
    end = rest.find("`", 1) + 1 if rest[0] == "`" else 0
    value = rest[:end] or re.split(r"[,}]", rest)[0]
    return (
        f"a value cannot begin with {rest[0]} without quotes",
        f"Put the whole value in quotes: {found[1]}: {quoted_value(value)}",
    )


def is_balanced(text: str) -> bool:
    """Whether brackets and quotes come in pairs, as in every complete expression."""
    pairs = all(text.count(left) == text.count(right) for left, right in ("()", "[]", "{}"))
    return pairs and not text.count("'") % 2 and not text.count("`") % 2
