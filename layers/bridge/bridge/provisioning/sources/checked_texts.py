"""Compile expressions and templates of properties, so that their errors name the property."""

from collections.abc import Callable

from bridge.errors import InvalidPropertyError
from bridge.messages.expression_tree import Reads
from bridge.messages.expressions import reads


def reads_of(path: str, expression: str) -> Reads:
    """What an expression reads. Raises InvalidPropertyError."""
    found = checked(path, reads, expression)
    return found if isinstance(found, Reads) else Reads()


def checked[V](path: str, compiled: Callable[[str], V], text: str) -> V | frozenset[str]:
    """The compiled text; empty for an empty text. Raises InvalidPropertyError."""
    if not text:
        return frozenset()
    try:
        return compiled(text)
    except ValueError as exc:
        reason = str(exc)
    except RecursionError:
        reason = "is nested too deeply"
    raise InvalidPropertyError(path, reason)
