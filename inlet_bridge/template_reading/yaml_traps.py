"""Say what YAML made of an expression, and how to write it instead."""

import re
from typing import Final

_LONGEST: Final = 120
_NAME: Final = re.compile(r"[A-Za-z_][\w.-]*")
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
    return reason, f"Put the whole expression in quotes: {shown(name)}: {_quoted(shown(written))}"


def hint_of(problem: str, written: str) -> str:
    """The way out of a problem that YAML's parser found in a line."""
    if "\\t" in problem:
        return "Indent with spaces, not with tabs."
    if "mapping values are not allowed" in problem:
        return f"A colon and a space begin a value. {QUOTES}"
    if "alias" in problem:
        return f"CloudFormation supports no aliases. {QUOTES}"
    if "nested" in problem or not written:
        return ""
    return QUOTES


def expression_hint(read: str, after: str, *, quoted: bool) -> str:
    """Why YAML may have read something else than the line has; empty if it has read all of it."""
    if quoted and _NAME.fullmatch(read):
        return f"""YAML removes the quotes. A literal needs quotes of its own: "'{read}'"."""
    rest = after.lstrip()
    if rest.startswith(",") and not is_balanced(read):
        return "A comma ends a value within { } or [ ]: put the whole expression in quotes."
    if rest.startswith("#") and after != rest and not is_balanced(read):
        return "A # after a space begins a comment: put the whole expression in quotes."
    return ""


def _quoted(text: str) -> str:
    return f"'{text}'" if '"' in text and "'" not in text else f'"{text}"'


def is_balanced(text: str) -> bool:
    """Whether brackets and quotes come in pairs, as in every complete expression."""
    pairs = all(text.count(left) == text.count(right) for left, right in ("()", "[]", "{}"))
    return pairs and not text.count("'") % 2 and not text.count("`") % 2
