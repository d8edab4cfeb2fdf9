"""What other languages write, and what does the same in an expression."""

from typing import Final

_WITHOUT_PATTERNS: Final = (
    "starts_with(text, beginning) or contains(text, part); there are no patterns"
)
FUNCTIONS: Final = {
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
    **dict.fromkeys(
        ("match", "matches", "regex", "regexp", "regex_match", "regexp_like", "rlike", "test"),
        _WITHOUT_PATTERNS,
    ),
    **dict.fromkeys(("get", "exists"), "body.field, which is null without that field"),
}
"""Names of functions elsewhere, and what does the same here."""

OPERATORS: Final = {
    "and": "&&",
    "or": "||",
    "not": "!",
    "eq": "==",
    "is": "==",
    "ne": "!=",
    **dict.fromkeys(("in", "contains", "includes"), "contains(list, value)"),
    **dict.fromkeys(("matches", "regexp", "rlike"), _WITHOUT_PATTERNS),
    **dict.fromkeys(("like", "starts_with", "startswith"), "starts_with(text, beginning)"),
}
ARITHMETIC: Final = "there is no arithmetic; money() and sum() calculate"
CHARACTERS: Final = {
    "=": "compare with ==",
    "+": f"{ARITHMETIC}, and join('', [a, b]) joins texts",
    "%": ARITHMETIC,
    "/": ARITHMETIC,
    "$": "a path begins with body, as in body.id",
    "?": "write condition && a || b",
    ";": "a property has one expression",
    # The quotes that word processors write.
    **dict.fromkeys("“”„‘’‚«»´", "a text is written in straight single quotes, as in 'text'"),  # noqa: RUF001
}
SYMBOLS: Final = {
    "->": "a field is written after a dot, as in body.data",
    "${": "an expression is written without ${ }",
    "=~": f"write {_WITHOUT_PATTERNS}",
    "?.": "a missing field is null anyway; write a dot",
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
LITERALS: Final = {
    **dict.fromkeys(("null", "Null", "NULL", "nil", "none", "None", "undefined"), "null"),
    **dict.fromkeys(("true", "True", "TRUE"), "true"),
    **dict.fromkeys(("false", "False", "FALSE"), "false"),
}
"""Names that are values elsewhere, as JSON writes them."""
