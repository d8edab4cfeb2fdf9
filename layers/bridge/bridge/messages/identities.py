"""Build XDM's `identityMap` from expressions."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from bridge.errors import MappingError
from bridge.json_numbers import JsonNumber
from bridge.messages.declared_namespaces import IDENTITY_MAP
from bridge.messages.expressions import Context, compile_expression
from bridge.messages.identity_values import reason_against

_LONGEST_EXPRESSION: Final = 60
_WAYS: Final = {
    list: ", but a list; first() takes an item of it",
    dict: ", but an object; name one of its fields",
    bool: ", but a boolean",
}


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


def notes_on(
    identities: Sequence[tuple[str, str]], entity: Mapping[str, Any] | None
) -> tuple[str, ...]:
    """Say that an entity has no identity, though its route declares some.

    Args:
        identities: as of `identity_map`.
        entity: with its `identityMap`, if it has one; None for a body that is forwarded unchanged.
    """
    if not identities or entity is None or entity.get(IDENTITY_MAP):
        return ()
    named = " and ".join(f"Identity.{name} ({shown(text)})" for name, text in identities)
    give = "gives" if len(identities) == 1 else "give"
    note = (
        f"the message has no identity, since {named} {give} none: it reaches the dataset, but no"
        " profile, unless another of its fields is an identity"
    )
    return (note,)


def shown(expression: str) -> str:
    """An expression as a sentence has it."""
    text = " ".join(expression.split())
    is_long = len(text) > _LONGEST_EXPRESSION
    return f"{text[:_LONGEST_EXPRESSION]}…" if is_long else text


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
    way = _WAYS.get(type(value), "")
    raise MappingError(f"Identity.{namespace}: returns neither a text nor a number{way}")
