"""Build XDM's `identityMap` from expressions."""

from collections.abc import Sequence
from typing import Any

from bridge.errors import MappingError
from bridge.json_numbers import JsonNumber
from bridge.messages.expressions import Context, compile_expression
from bridge.messages.identity_values import reason_against


def identity_map(
    identities: Sequence[tuple[str, str]], context: Context
) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Return ids by namespace, and why other values are no ids.

    The first namespace with an id is the primary identity.

    Args:
        identities: namespace codes and expressions, in the order of preference.
        context: the values of the expressions' names.

    Raises:
        MappingError: an expression fails, or returns neither a text nor a number nor null.
    """
    found: dict[str, Any] = {}
    warnings: list[str] = []
    for namespace, expression in identities:
        text = _identity(namespace, expression, context)
        if not text:
            continue
        if reason := reason_against(namespace, text):
            warnings.append(f"Identity.{namespace} is left out: its value {reason}")
            continue
        primary = {} if found else {"primary": True}
        found[namespace] = [{"id": text, **primary}]
    return found, tuple(warnings)


def _identity(namespace: str, expression: str, context: Context) -> str:
    try:
        value = compile_expression(expression).value(context)
    except MappingError as exc:
        raise MappingError(f"Identity.{namespace}: {exc}") from None
    match value:
        case None:
            return ""
        case str():
            return value
        case bool():
            pass
        case int() | float() | JsonNumber():
            return str(value)
    raise MappingError(f"Identity.{namespace}: returns neither a text nor a number")
