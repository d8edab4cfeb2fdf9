"""Say how to mend an expression; loaded only for one that is invalid.

Texts are from the expression itself, which its author reads, never from a webhook.
"""

import re
from collections.abc import Collection, Iterable
from typing import Final

from jmespath.exceptions import (
    EmptyExpressionError,
    IncompleteExpressionError,
    JMESPathError,
    LexerError,
    ParseError,
)

from bridge.messages.subtraction import minus_advice
from bridge.spelling import nearest

_SIMILARITY: Final = 0.7
_LONGEST: Final = 40
_IN_OTHER_LANGUAGES: Final = {
    **dict.fromkeys(("concat", "concatenate", "string_join"), "join('', [a, b])"),
    **dict.fromkeys(("if", "iif", "case"), "condition && a || b"),
    **dict.fromkeys(("len", "size", "count"), "length(list)"),
    **dict.fromkeys(("int", "float", "to_int", "to_float", "parse_number"), "number(text)"),
    **dict.fromkeys(("str", "string", "text"), "to_string(value)"),
    **dict.fromkeys(("coalesce", "ifnull", "nvl"), "a || b"),
    **dict.fromkeys(("to_lower", "lowercase", "lcase", "downcase"), "lower(text)"),
    **dict.fromkeys(("to_upper", "uppercase", "ucase", "upcase"), "upper(text)"),
    **dict.fromkeys(("strip",), "trim(text)"),
    **dict.fromkeys(("now", "today"), "received_at"),
    **dict.fromkeys(("not",), "!value"),
    **dict.fromkeys(("and",), "a && b"),
    **dict.fromkeys(("or",), "a || b"),
    **dict.fromkeys(("in", "includes"), "contains(list, value)"),
    **dict.fromkeys(("md5", "sha1", "hash"), "sha256(text)"),
    **dict.fromkeys(("json_parse", "from_json", "fromjson", "json"), "parse_json(text)"),
    **dict.fromkeys(("get", "exists"), "body.field, which is null without that field"),
}
"""Names of functions elsewhere, and what does the same here."""

_OPERATORS: Final = {
    "and": "&&",
    "or": "||",
    "not": "!",
    "eq": "==",
    "is": "==",
    "ne": "!=",
    **dict.fromkeys(("in", "contains", "includes"), "contains(list, value)"),
    **dict.fromkeys(("like", "starts_with", "startswith"), "starts_with(text, beginning)"),
}
_ARITHMETIC: Final = "there is no arithmetic; money() and sum() calculate"
_CHARACTERS: Final = {
    "=": "compare with ==",
    "+": f"{_ARITHMETIC}, and join('', [a, b]) joins texts",
    "%": _ARITHMETIC,
    "/": _ARITHMETIC,
    "$": "a path begins with body, as in body.id",
    "?": "write condition && a || b",
    ";": "a property has one expression",
    # The quotes that word processors write.
    **dict.fromkeys("“”„‘’‚«»´", "a text is written in straight single quotes, as in 'text'"),  # noqa: RUF001
}
_SYMBOLS: Final = {
    "->": "a field is written after a dot, as in body.data",
    "${": "an expression is written without ${ }",
}
_BEFORE_A_VALUE: Final = re.compile(r"(^|[<>=!(,:&|])\s*\Z")
# A list, and not the position in one, as in `body.items[1, 2]`.
_FIRST_IN_A_LIST: Final = re.compile(r"(?:^|[<>=!(,:&|\[{])\s*\[\s*(-?\d+)\s*\Z")
_NUMBER: Final = re.compile(r"-?\d+(\.\d+)?([eE][+-]?\d+)?")
_BY_KIND: Final = {
    "STAR": f"it has *; {_ARITHMETIC}",
    **dict.fromkeys(
        ("UNQUOTED_IDENTIFIER", "QUOTED_IDENTIFIER", "LITERAL", "NUMBER"),
        "an operator or a comma is missing before {}",
    ),
}
_COMPARED: Final = re.compile(r"not supported between instances of '(\w+)' and '(\w+)'")
_TYPES: Final = {
    **dict.fromkeys(("int", "float", "JsonNumber"), "number"),
    "str": "string",
    "bool": "boolean",
    "dict": "object",
    "list": "array",
    "NoneType": "null",
}
_CONVERSIONS: Final = {
    ("number", "string"): "to_string() converts it",
    ("boolean", "string"): "to_string() converts it",
    ("array", "string"): "join() or first() makes a text of it",
    ("string", "number"): "number() converts it",
    ("string", "array"): "[value] makes a list of it",
    ("object", "array"): "values() makes a list of it",
    ("null", "string"): "value || '' gives a text in its place",
    ("null", "number"): "value || `0` gives a number in its place",
    ("null", "array"): "value || `[]` gives a list in its place",
}


def syntax_advice(exc: JMESPathError) -> str:
    """Why a text is not an expression, and the way out, without the subject."""
    match exc:
        case EmptyExpressionError():
            return "it is empty; a text is written in single quotes of its own, as in \"'text'\""
        case LexerError():
            return f"{_lexer_advice(exc)} (character {exc.lexer_position + 1})"
        case IncompleteExpressionError():
            return "it ends too early; a value or a closing bracket is missing"
        case ParseError(token_type="EOF"):
            return "it ends too early; a name must follow the last dot"
        case ParseError():
            return f"{_parser_advice(exc)} (character {exc.lex_position + 1})"
    return str(exc).partition("\n")[0]


def function_advice(name: str, known: Iterable[str]) -> str:
    """What to write in place of a function that does not exist."""
    if similar := _IN_OTHER_LANGUAGES.get(name.lower().removeprefix("$")):
        return f"write {similar}"
    by_letters = {each.replace("_", ""): each for each in known}
    letters = name.lower().replace("_", "")
    if close := nearest(letters, by_letters, similarity=_SIMILARITY):
        return f"is it {by_letters[close]}()?"
    return "docs/mapping.md lists the functions"


def name_advice(name: str, known: Collection[str]) -> str:
    """What to write in place of a name that a webhook does not have."""
    there_is = f"there is {', '.join(known)}"
    if close := nearest(name, known, similarity=_SIMILARITY):
        return f"is it {close}? {there_is}"
    shown = name if re.fullmatch(r"[A-Za-z_]\w*", name, re.ASCII) else f'"{name}"'
    return f"a field of the webhook is body.{shown}, a text is '{name}'; {there_is}"


def provider_advice(name: str, known: Collection[str]) -> str:
    """The provider that a name of `money` may mean, as a question; or empty."""
    close = nearest(name, known, similarity=_SIMILARITY)
    return f"; is it {close}?" if close else ""


def type_advice(actual: str, expected: Collection[str]) -> str:
    """The type that a function does not take, and what to do, as `number; to_string() …`.

    Args:
        actual: JMESPath's name of the type, or Python's.
        expected: JMESPath's names.
    """
    given = _TYPES.get(actual, actual)
    for (kind, wanted), way in _CONVERSIONS.items():
        if kind == given and any(_is_kind(each, wanted, given) for each in expected):
            return f"{given}; {way}"
    return f"{given}; it takes {' or '.join(map(_type_name, expected))}"


def fault_advice(exc: Exception) -> str:
    """Why an expression cannot be evaluated: of Python's texts only the types."""
    if isinstance(exc, TypeError) and (found := _COMPARED.search(str(exc))):
        one, other = (_TYPES.get(each, each) for each in found.groups())
        return (
            f"it compares a {one} with a {other} by order; number() or to_string() converts one"
            " of them"
        )
    return type(exc).__name__


def _is_kind(expected: str, wanted: str, given: str) -> bool:
    """Whether a function expects a type; a list for null is one of any items."""
    return expected == wanted or (given == "null" and expected.startswith(f"{wanted}-"))


def _type_name(kind: str) -> str:
    if kind == "expref":
        return "an expression such as &name"
    return f"an {kind.replace('-', ' of ')}s" if "-" in kind else kind


def _lexer_advice(exc: LexerError) -> str:
    if found := re.match(r"Unclosed (.) delimiter", exc.message):
        return f"the {found[1]} is not closed"
    if found := re.match(r"Unknown token '?(.)", exc.message, re.DOTALL):
        symbol = (exc.expression or "")[exc.lexer_position :][:2]
        if way := _SYMBOLS.get(symbol):
            return f"it has {symbol}; {way}"
        if found[1] == "-":
            return f"it has -; {minus_advice(exc.expression or '', exc.lexer_position)}"
        way = _CHARACTERS.get(
            found[1], f'a name with other characters needs double quotes, as in body."a{found[1]}"'
        )
        return f"it has {found[1]}; {way}"
    return f"{_short(exc.message)}; a literal within ` ` is JSON"


def _parser_advice(exc: ParseError) -> str:
    token, kind, message = _short(str(exc.token_value)), exc.token_type, exc.msg or ""
    text = exc.expression or ""
    if text.lstrip().startswith("{{"):
        return "an expression is written without {{ }}"
    if advice := _number_advice(text, exc):
        return advice
    if operator := _OPERATORS.get(token.lower()):
        return f"{token} is no operator; write {operator}"
    if "unquoted_identifier'" in message:
        return (
            f"an item of a list is written [{token}]"
            if kind == "NUMBER"
            else f"a name is missing before {token}"
        )
    for beginning, advice in (
        ("Expecting: star", f"[ ] takes a number, * or ?condition; a field is written .{token}"),
        ("Expecting: colon", f"a name within {{ }} needs a colon, before {token}"),
    ):
        if message.startswith(beginning):
            return advice
    return _BY_KIND.get(kind, "{} does not belong here").format(token)


def _number_advice(text: str, exc: ParseError) -> str:
    """What to write in place of a number without backticks; or empty."""
    if number := _bare_number(text, exc):
        return f"a number is written in backticks, as `{number}`"
    kind = exc.token_type
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


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
