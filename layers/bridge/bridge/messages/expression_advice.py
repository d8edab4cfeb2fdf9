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

from bridge.messages.expression_numbers import minus_advice, number_advice
from bridge.messages.expression_tree import NAMES
from bridge.messages.function_signatures import SIGNATURES
from bridge.messages.other_forms import other_form, outside_quotes
from bridge.messages.other_functions import FUNCTIONS, WITHOUT
from bridge.messages.other_languages import (
    ARITHMETIC,
    CHARACTERS,
    LITERALS,
    OBJECTS,
    OPERATORS,
    PARAMETERS,
    SYMBOLS,
    WEBHOOK,
)
from bridge.messages.text_templates import joined
from bridge.spelling import nearest

_SIMILARITY: Final = 0.7
_LONGEST: Final = 40
_PLACEHOLDERS: Final = re.compile(r"\$\{[^{}]*\}|\{\{[^{}]*\}\}")
# Words, and nothing that could be a part of an expression, besides placeholders.
_WORDS: Final = re.compile(r"[\w\s,.:;!?#-]*[\w,:;!?#-][\w\s,.:;!?#-]*")
_OF_THE_WEBHOOK: Final = re.compile(r"\s*(?:body|event_type|headers|query|source)\b")
_HYPHENATED_HEADER: Final = re.compile(r"\bheaders\.([A-Za-z]\w*(?:-\w+)+)", re.ASCII)
_IN_HEADERS: Final = re.compile(r"\bheaders\s*\[\s*\Z")
_WORD: Final = re.compile(r"\w+(?:['-]\w+)*")
_COMPOUND: Final = re.compile(r"[A-Za-z]\w*(?:[./:-][A-Za-z]\w*)*[/:-][A-Za-z]\w*", re.ASCII)
_FEWEST_WORDS: Final = 2
_CALL: Final = re.compile(r"([A-Za-z_]\w*)\(", re.ASCII)
_FORMATTED: Final = re.compile(r"(?:^|[^\w.])[fF]\Z")
_BY_KIND: Final = {
    "STAR": f"it has *; {ARITHMETIC}",
    "EXPREF": "{} does not belong here; conditions are joined by && or ||",
    "COMMA": "{} does not belong here; write [a, b] for a list, and a || b for one of several",
    **dict.fromkeys(
        ("UNQUOTED_IDENTIFIER", "QUOTED_IDENTIFIER", "LITERAL", "NUMBER"),
        "an operator or a comma is missing before {}",
    ),
}


def syntax_advice(exc: JMESPathError, text: str) -> str:
    """Why a text is not an expression, and the way out, without the subject."""
    return (
        _template_advice(text)
        or other_form(text)
        or _words_advice(text)
        or _name_of_a_text(text)
        or _call_advice(text)
    ) or _fault(exc)


def _fault(exc: JMESPathError) -> str:
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
    by_letters = {each.replace("_", ""): each for each in known}
    letters = name.lower().replace("_", "")
    if letters in by_letters:
        return f"is it {by_letters[letters]}()?"
    if similar := FUNCTIONS.get(letters):
        return f"write {similar}"
    if reason := WITHOUT.get(letters):
        return reason
    if close := nearest(letters, by_letters, similarity=_SIMILARITY):
        return f"is it {by_letters[close]}()?"
    return "docs/mapping.md lists the functions"


def name_advice(name: str, known: Collection[str]) -> str:
    """What to write in place of a name that a webhook does not have."""
    if way := joined(name):
        return f"nothing is replaced in a text; write {way}"
    if (value := LITERALS.get(name)) is not None:
        is_text = "" if name == value else f", a text is '{name}'"
        anyway = "; a missing field is null anyway" if value == "null" else ""
        return f"{value} is written in backticks, as `{value}`{is_text}{anyway}"
    there_is = f"there is {', '.join(known)}"
    if name in WEBHOOK:
        return f"the webhook is body, a field of it body.{name}, a text '{name}'; {there_is}"
    if close := nearest(name, known, similarity=_SIMILARITY):
        return f"is it {close}? {there_is}"
    if call := OBJECTS.get(name):
        there_is = f"functions are called alone, as in {call}; {there_is}"
    if name in PARAMETERS:
        there_is = f"a parameter of the file is \"'${{NAME}}'\" after !Sub; {there_is}"
    return f"a field of the webhook is body.{_field(name)}, a text is '{name}'; {there_is}"


def header_advice(name: str) -> str:
    """How an expression reads a header that is written in another form."""
    header = name.lower()
    allowed = f"a header that is not signed needs Unsigned: [header:{header}] as well"
    return f"write headers.{_field(header)}, in lower case; {allowed}"


def provider_advice(name: str, known: Collection[str]) -> str:
    """The provider that a name of `money` may mean, as a question; or empty."""
    close = nearest(name, known, similarity=_SIMILARITY)
    return f"; is it {close}?" if close else ""


def _field(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z_]\w*", name, re.ASCII) else f'"{name}"'


def _lexer_advice(exc: LexerError) -> str:
    if found := re.match(r"Unclosed (.) delimiter", exc.message):
        is_text = found[1] == "'" and (exc.expression or "").count("'") > 1
        within = "; within a text it is written \\'" if is_text else ""
        return f"the {found[1]} is not closed{within}"
    if found := re.match(r"Unknown token '?(.)", exc.message, re.DOTALL):
        text = exc.expression or ""
        symbol = text[exc.lexer_position :][:2]
        for header in _HYPHENATED_HEADER.finditer(text):
            if header.start() < exc.lexer_position < header.end():
                return f"a name with a hyphen needs double quotes; {header_advice(header[1])}"
        if way := SYMBOLS.get(symbol):
            return f"it has {symbol}; {way}"
        if found[1] == "-":
            return f"it has -; {minus_advice(text, exc.lexer_position)}"
        way = CHARACTERS.get(
            found[1], f'a name with other characters needs double quotes, as in body."a{found[1]}"'
        )
        return f"it has {found[1]}; {way}"
    return f"{_short(exc.message)}; a literal within ` ` is JSON"


def _parser_advice(exc: ParseError) -> str:
    token, text = _short(str(exc.token_value)), exc.expression or ""
    if way := _form_advice(text[: exc.lex_position], str(exc.token_value), exc.token_type):
        return way
    if text.lstrip().startswith("{{"):
        return "an expression is written without {{ }}"
    if advice := number_advice(text, exc):
        return advice
    if operator := OPERATORS.get(token.lower()):
        return f"{token} is no operator; write {operator}"
    return _token_advice(token, exc.token_type, exc.msg or "")


def _token_advice(token: str, kind: str, message: str) -> str:
    if "unquoted_identifier'" in message:
        return (
            f"an item of a list is written [{token}]"
            if kind == "NUMBER"
            else f"a name is missing before {token}"
        )
    if message.startswith("Expecting: star") and token in NAMES:
        return "[ ] takes a number, * or ?condition, and no path"
    if message.startswith("Expecting: star"):
        return f"[ ] takes a number, * or ?condition; a field is written .{_field(token)}"
    if message.startswith("Expecting: colon"):
        return f"a name within {{ }} needs a colon, before {token}"
    return _BY_KIND.get(kind, "{} does not belong here").format(token)


def _template_advice(text: str) -> str:
    """What to write for words with placeholders; empty for another text."""
    is_text = _WORDS.fullmatch(_PLACEHOLDERS.sub("", text)) and not _OF_THE_WEBHOOK.match(text)
    way = joined(text) if is_text else ""
    return f"nothing is replaced in a text; write {way}" if way else ""


def _words_advice(text: str) -> str:
    """What to write for words without operators between them; empty for another text."""
    words = [each.rstrip(".!?…:") for each in text.split()]
    names = WEBHOOK.union(NAMES)
    if len(words) < _FEWEST_WORDS or not all(map(_WORD.fullmatch, words)) or names & {*words}:
        return ""
    literal = text.strip().replace("'", "\\\\'")
    written = f"\"'{_short(literal)}'\""
    for word in words[1:-1]:
        if operator := OPERATORS.get(word.lower()):
            return f"{word} is no operator; write {operator}, or {written} for a text"
    return f"a text of several words is in single quotes of its own: {written}"


def _name_of_a_text(text: str) -> str:
    """What to write for a word such as `order-paid` or `order/paid`; empty for another text."""
    word = text.strip()
    first, *others = re.split(r"(\W)", word)
    if not _COMPOUND.fullmatch(word) or first in NAMES or (first in WEBHOOK and others[0] == "."):
        return ""
    written = f"a text is in single quotes of its own: \"'{_short(word)}'\""
    is_name = {*others[::2]} == {"-"}
    return f"{written}; a field is body.{_field(word)}" if is_name else written


def _call_advice(text: str) -> str:
    """What to write for the first function that does not exist; or empty."""
    for call in _CALL.finditer(outside_quotes(text)):
        if call[1] not in SIGNATURES:
            return f"there is no function {call[1]}(); {function_advice(call[1], SIGNATURES)}"
    return ""


def _form_advice(before: str, token: str, kind: str) -> str:
    """What to write for a form of other languages that ends with a quoted text; or empty."""
    if kind in {"LITERAL", "QUOTED_IDENTIFIER"} and _FORMATTED.search(before):
        way = joined(token, single=True) or "join('', [a, b])"
        return f"there are no formatted texts; write {way}"
    return header_advice(token) if _IN_HEADERS.search(before) else ""


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
