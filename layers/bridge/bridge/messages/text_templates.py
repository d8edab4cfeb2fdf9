"""Write a text template of another language, such as `Issue ${body.id}`, as an expression."""

import re
from typing import Final

from bridge.messages.expressions import compile_expression

_PLACEHOLDER: Final = re.compile(r"\$\{([^{}]*)\}|\{\{([^{}]*)\}\}|\{([^{}]*)\}")
_MOST_CHARACTERS: Final = 2_000


def joined(text: str, *, single: bool = False) -> str:
    """The expression that joins the parts of a template; empty if it is none.

    Args:
        text: of the template, without quotes around it.
        single: whether `{body.id}` is a placeholder too, besides `${body.id}` and `{{body.id}}`.
    """
    if len(text) > _MOST_CHARACTERS:
        return ""
    parts, end, found = [], 0, False
    for each in _PLACEHOLDER.finditer(text):
        inner = next(group for group in each.groups() if group is not None).strip()
        if (each[3] is not None and not single) or not _reads_the_webhook(inner):
            continue
        if between := text[end : each.start()]:
            parts.append(_literal(between))
        parts.append(inner)
        end, found = each.end(), True
    if not found:
        return ""
    if after := text[end:]:
        parts.append(_literal(after))
    return parts[0] if len(parts) == 1 else f"join('', [{', '.join(parts)}])"


def _reads_the_webhook(expression: str) -> bool:
    """Whether a text is an expression that begins with a name of the webhook, and no literal."""
    try:
        compile_expression(expression)
    except ValueError:
        return False
    return re.match(r"[A-Za-z_]", expression) is not None


def _literal(text: str) -> str:
    return "'" + text.replace("'", "\\'") + "'"
