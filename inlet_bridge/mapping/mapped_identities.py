"""Say how the identities of a Map are written in an `Identity`, which marks the primary one."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from bridge.messages.declared_namespaces import IDENTITY_MAP
from bridge.sources.route import RouteTarget
from bridge.sources.source import Source
from bridge.strict_json import read_json

_ANY: Final = "{Email: lower(body.email)}"


def identity_fault(place: str, target: RouteTarget, error: str) -> str:
    """A sentence on an `identityMap` of a Map that has another form; empty for another error.

    Args:
        place: of the target, such as `Routes.0`.
        target: with the Map.
        error: of the message, which ends with the place in the schema.
    """
    if f" at {IDENTITY_MAP}" not in error or (given := _of_map(target)) is None:
        return ""
    return (
        f"{place}.Map.{IDENTITY_MAP}: write identities in Identity, beside Map, such as"
        f" Identity: {_identity(given)}"
    )


def without_primary(source: Source) -> Iterator[str]:
    """A sentence for each Map whose `identityMap` is written out, and marks no primary identity."""
    for index, route in enumerate(source.routes):
        for position, target in enumerate(route.targets):
            given = _of_map(target)
            if target.identity or not isinstance(given, dict) or not _expressions(given):
                continue
            if not any(_marks_one(each) for each in given.values()):
                within = f".Targets.{position}" if len(route.targets) > 1 else ""
                yield (
                    f"Routes.{index}{within}.Map.{IDENTITY_MAP} marks no identity as primary;"
                    f" Identity does, beside Map: Identity: {_identity(given)}"
                )


def _of_map(target: RouteTarget) -> Any:
    """The `identityMap` of a Map; None without one."""
    template = read_json(target.map) if target.map else None
    return template.get(IDENTITY_MAP) if isinstance(template, dict) else None


def _identity(given: Any) -> str:
    """The `Identity` with the same expressions as an `identityMap`, or an example of one."""
    found = _expressions(given)
    if not found:
        return _ANY
    written = ", ".join(f"{name}: {flow_scalar(each)}" for name, each in found.items())
    primary = f" and Primary: {next(iter(found))}" if len(found) > 1 else ""
    return f"{{{written}}}{primary}"


def _expressions(given: Any) -> dict[str, str]:
    """By namespace; empty if one is not written out, or has several identities."""
    match given:
        case str():
            return {"Email": given} if "email" in given.lower() else {}
        case [dict(only)]:
            return _expressions(only)
        case Mapping():
            found = {name: _expression(each) for name, each in given.items()}
            return found if all(found.values()) else {}
    return {}


def _expression(given: Any) -> str:
    match given:
        case str():
            return given
        case {"id": str(expression)} | [{"id": str(expression)}] | [str(expression)]:
            return expression
    return ""


def _marks_one(given: Any) -> bool:
    """Whether the identities of a namespace may have a primary one."""
    match given:
        case list() as items:
            return any(not isinstance(each, dict) or "primary" in each for each in items)
        case dict():
            return "primary" in given
    return True


def flow_scalar(expression: str) -> str:
    """An expression as a value within the braces of YAML."""
    if any(each in expression for each in ",[]{}#:&*!|>'\"%@`"):
        escaped = expression.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}"'
    return expression
