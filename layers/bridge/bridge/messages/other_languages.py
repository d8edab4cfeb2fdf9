"""What other languages write, and what does the same in an expression."""

from typing import Final

PATTERNS: Final = "starts_with(text, beginning) or contains(text, part); there are no patterns"
OPERATORS: Final = {
    **dict.fromkeys(("if", "then", "unless"), "condition && a || b"),
    "and": "&&",
    "or": "||",
    "not": "!",
    "eq": "==",
    "is": "==",
    "ne": "!=",
    **dict.fromkeys(("in", "contains", "includes"), "contains(list, value)"),
    **dict.fromkeys(("matches", "regexp", "rlike"), PATTERNS),
    **dict.fromkeys(("like", "starts_with", "startswith"), "starts_with(text, beginning)"),
}
ARITHMETIC: Final = "there is no arithmetic; money(), sum() and avg() calculate"
CHARACTERS: Final = {
    "=": "compare with ==",
    "+": f"{ARITHMETIC}, and join('', [a, b]) joins texts",
    "%": ARITHMETIC,
    "/": ARITHMETIC,
    "$": "a path begins with body, as in body.id",
    "?": "write condition && a || b",
    ";": "a property has one expression",
    "\\": 'a name with a backslash needs double quotes, as in body."a\\\\b"',
    # The quotes that word processors write.
    **dict.fromkeys("“”„‘’‚«»´", "a text is written in straight single quotes, as in 'text'"),  # noqa: RUF001
}
SYMBOLS: Final = {
    "//": "write a || b; a comment of the file follows #",
    "=>": "there are no functions of one's own; write a field or an expression",
    "->": "a field is written after a dot, as in body.data",
    "${": "an expression is written without ${ }",
    "=~": f"write {PATTERNS}",
    "?.": "a missing field is null anyway; write a dot",
    '\\"': 'write " without the backslash',
    "\\'": "write ' without the backslash",
    "\\.": 'a name with a dot needs double quotes, as in body."a.b"',
    "?[": "a missing list is null anyway; leave the ? out",
    "??": "write a || b",
}
WEBHOOK: Final = frozenset(
    {
        *("$json", "context", "ctx", "data", "entity", "event", "input", "item", "json", "message"),
        *("msg", "payload", "record", "req", "request", "root", "this", "webhook"),
    }
)
"""Names of the whole webhook elsewhere, which may be fields of one too."""
OBJECTS: Final = {
    "Array": "length(list)",
    "Date": "date(text)",
    "JSON": "parse_json(text) or to_string(value)",
    "Math": "floor(number) or ceil(number)",
    "Object": "keys(object) or values(object)",
    **dict.fromkeys(("dayjs", "luxon", "moment"), "date(text)"),
}
"""Objects of JavaScript and its libraries whose functions are called as of a field."""
PARAMETERS: Final = frozenset(
    {"env", "local", "param", "parameters", "params", "process", "var", "vars"}
)
"""Names of what a file or its environment sets elsewhere, which may be fields of a webhook too."""
LITERALS: Final = {
    **dict.fromkeys(("null", "Null", "NULL", "nil", "none", "None", "undefined"), "null"),
    **dict.fromkeys(("true", "True", "TRUE"), "true"),
    **dict.fromkeys(("false", "False", "FALSE"), "false"),
}
"""Names that are values elsewhere, as JSON writes them."""
