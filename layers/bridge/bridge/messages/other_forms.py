"""Forms of whole expressions in other languages, and how each is written here."""

import re
from collections.abc import Callable
from typing import Final

from bridge.messages.function_signatures import SIGNATURES
from bridge.messages.text_templates import joined

_NAME: Final = r"(?:body|event_type|headers|query|received_at)\b"
_TAGS: Final = re.compile(r"\{%|<%|\{\{\s*[#/^]")
_INTERPOLATED: Final = re.compile(r"\s*([#%@])\{[^{}]*\}\s*")
_BRACES: Final = re.compile(r"\s*\{[^{}:]*\}\s*")
_SLASHES: Final = re.compile(r"/?[A-Za-z_]\w*(?:/\w+)*", re.ASCII)
_RELATIVE: Final = re.compile(r"\s*\.[A-Za-z_\"]")
_FORMULA: Final = re.compile(r"\s*=(?!=)")
# Words may be a text: `not found`, `first order`, `n/a`.
_NEGATION: Final = re.compile(rf"\s*(?:not|NOT)\s+(?:{_NAME}|\(|\w+\()")
_CONDITIONAL: Final = re.compile(rf"\s*(?:if|when|where)\s+(?:not\s+)?!?(?:{_NAME}|\(|\w+\()")
_UNQUOTED: Final = re.compile(r"[=!]=\s*([A-Za-z]\w*(?:[+./:-]\w+)+)\s*(?:$|&&|\|\|)", re.ASCII)
_WITH_COLON: Final = re.compile(r"\s*event_type\s*:\s*'?([\w+./:-]+)'?\s*", re.ASCII)
_HYPHENATED: Final = re.compile(r"\b(event-type|delivery-id|received-at)\b")
_DATE: Final = re.compile(r"\s*(\d{4}-\d\d-\d\d(?:[T ][\d:.]+(?:Z|[+-]\d\d:?\d\d)?)?)\s*")
_KEYWORD: Final = re.compile(rf"\s*(await|return|yield)\s+(?:{_NAME}|\w+\()")
_NEW: Final = re.compile(r"\s*new\s+Date\(")
_TYPEOF: Final = re.compile(rf"\s*typeof\s+{_NAME}")
_DOT_BEFORE_BRACKET: Final = re.compile(r"\.\[(?:-?\d|\*|\?)")
_NAME_IN_QUOTES: Final = re.compile(r"\b([A-Za-z_][\w.]*)\.'([^'\"\\]+)'", re.ASCII)
_ADDRESS: Final = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII)
_QUOTED: Final = re.compile(r"""'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|`(?:\\.|[^`\\])*`""")
_TABLE: Final = re.compile(rf"\s*(?:\{{.*\}}|\[.*\])\s*\[\s*{_NAME}", re.DOTALL)
_COMPARISONS: Final = {
    **dict.fromkeys(("!==", "=!", "<>"), "!="),
    "===": "==",
    **dict.fromkeys(("=<", "!>"), "<="),
    "!<": ">=",
}
_COMPARISON: Final = re.compile(r"(?<![=!<>])(?:!==|===|=!|<>|=<|!>|!<)(?![=!<>])")
# An arrow follows a name or a bracket, and no path.
_AT_LEAST: Final = re.compile(r"\.\w+\s*=>\s*(?:$|[\d.(])", re.ASCII)
_CALL: Final = re.compile(rf"\s*([a-z]\w*)\s+(?:{_NAME}|['`])")


def _with_slashes(text: str) -> str:
    text = text.strip()
    is_path = text.startswith(("/", "body/")) or text.count("/") > 1
    if not is_path or not _SLASHES.fullmatch(text):
        return ""
    first, *rest = text.strip("/").split("/")
    names = rest if first == "body" else [first, *rest]
    path = "".join(f"[{each}]" if each.isdecimal() else f".{each}" for each in names)
    return f"a field is written after a dot, as in body{path}, and there is no arithmetic"


def _without_brackets(text: str) -> str:
    found = _CALL.match(text)
    call = SIGNATURES.get(found[1]) if found else None
    return f"a function has brackets: write {call}" if call else ""


def _interpolated(text: str) -> str:
    found = _INTERPOLATED.fullmatch(text)
    return f"an expression is written without {found[1]}{{ }}" if found else ""


def _unquoted(text: str) -> str:
    found = _UNQUOTED.search(text)
    if found is None or re.match(_NAME, found[1]):
        return ""
    return f"a text is written in single quotes, as in '{found[1]}'"


def _with_colon(text: str) -> str:
    found = _WITH_COLON.fullmatch(text)
    return f"compare with ==, as in event_type == '{found[1]}'" if found else ""


def _hyphenated(text: str) -> str:
    found = _HYPHENATED.match(text.strip())
    return f"is it {found[1].replace('-', '_')}?" if found else ""


def _date(text: str) -> str:
    found = _DATE.fullmatch(text)
    return f"a date is a text in quotes, as in date('{found[1]}')" if found else ""


def _with_keyword(text: str) -> str:
    found = _KEYWORD.match(text)
    return f"an expression is written without {found[1]}" if found else ""


def outside_quotes(text: str) -> str:
    """What is not quoted; empty if a quote is not closed."""
    outside = _QUOTED.sub("", text)
    return "" if set(outside) & set("'\"`") else outside


def _comparing(text: str) -> str:
    outside = outside_quotes(text)
    if found := _COMPARISON.search(outside):
        return f"it has {found[0]}; write {_COMPARISONS[found[0]]}"
    return "it has =>; write >=" if _AT_LEAST.search(outside) else ""


def _in_braces(text: str) -> str:
    is_path = _BRACES.fullmatch(text) and joined(text.strip(), single=True)
    return "an expression is written without { }" if is_path else ""


def _quoted_name(text: str) -> str:
    found = _NAME_IN_QUOTES.search(text)
    return f'a name after a dot is in double quotes: {found[1]}."{found[2]}"' if found else ""


def _address(text: str) -> str:
    is_one = _ADDRESS.fullmatch(text.strip())
    return f"a text is in single quotes of its own: \"'{text.strip()}'\"" if is_one else ""


_FORMS: Final[tuple[Callable[[str], str], ...]] = (
    lambda text: "there are no tags; write condition && a || b" if _TAGS.search(text) else "",
    _interpolated,
    _in_braces,
    _with_slashes,
    lambda text: (
        f"a path begins with body: write body{text.strip()}" if _RELATIVE.match(text) else ""
    ),
    lambda text: "leave out the = at its beginning" if _FORMULA.match(text) else "",
    lambda text: "not is no operator; write !(condition)" if _NEGATION.match(text) else "",
    lambda text: "a condition is written without if" if _CONDITIONAL.match(text) else "",
    _comparing,
    lambda text: (
        "there are no look-up tables; write condition && a || b" if _TABLE.match(text) else ""
    ),
    _with_keyword,
    lambda text: "write date(text) or received_at" if _NEW.match(text) else "",
    lambda text: "write type(value)" if _TYPEOF.match(text) else "",
    lambda text: "leave out the dot before [" if _DOT_BEFORE_BRACKET.search(text) else "",
    _unquoted,
    _with_colon,
    _hyphenated,
    _date,
    _without_brackets,
    _quoted_name,
    _address,
)


def other_form(text: str) -> str:
    """How a text that is no expression is written; empty for a form that is not known.

    Args:
        text: that has a syntax error.
    """
    return next(filter(None, (form(text) for form in _FORMS)), "")
