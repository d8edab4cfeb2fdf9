"""Infer custom fields of XDM, and the Map that fills them, from bodies of webhooks."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from bridge.json_numbers import JsonNumber
from bridge.messages.dates import from_text
from bridge.messages.xdm_formats import FORMATS
from bridge.provisioning.chain.custom_fields import MOST_LEVELS, NAME

_TIME: Final = re.compile(
    r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:?\d\d)", re.ASCII
)
_IDENTIFIER: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)
_LONG: Final = 9_007_199_254_740_992
_NUMBERS: Final = {"integer", "number"}
_TEXTS: Final = {"string", "date", "date-time"}


@dataclass(slots=True)
class Seen:
    """What the samples have at one place.

    Attributes:
        kinds: types of scalars, `object` and `list`; empty if there was nothing but null.
        members: of objects, by their keys.
        items: of lists.
    """

    kinds: set[str] = field(default_factory=set)
    members: dict[str, "Seen"] = field(default_factory=dict)
    items: "Seen | None" = None

    def add(self, value: Any, levels: int = 0) -> None:
        """Add a value of one sample; what is nested more deeply than any field is not looked at."""
        match value:
            case None:
                return
            case dict():
                self.kinds.add("object")
                if levels <= MOST_LEVELS:
                    for name, each in value.items():
                        self.members.setdefault(name, Seen()).add(each, levels + 1)
            case list():
                self.kinds.add("list")
                self.items = self.items or Seen()
                for each in value:
                    self.items.add(each, levels)
            case _:
                self.kinds.add(_kind(value))


@dataclass(frozen=True, slots=True)
class Inferred:
    """The result.

    Attributes:
        fields: in the notation of `Schema.Fields`.
        map: of the same form, with expressions.
        omitted: paths in the samples without a field, each with the reason.
    """

    fields: dict[str, Any]
    map: dict[str, Any]
    omitted: tuple[tuple[str, str], ...]


def infer(bodies: Iterable[Mapping[str, Any]], only: tuple[str, ...] = ()) -> Inferred:
    """Infer from bodies, or from the parts of them that `only` names by paths."""
    seen = Seen()
    for body in bodies:
        seen.add(body)
    omitted: list[tuple[str, str]] = []
    fields, expressions = _object(seen, (), "body", only, omitted)
    return Inferred(fields, expressions, tuple(omitted))


def _object(
    seen: Seen,
    path: tuple[str, ...],
    within: str,
    only: tuple[str, ...],
    omitted: list[tuple[str, str]],
) -> tuple[dict[str, Any], dict[str, Any]]:
    fields: dict[str, Any] = {}
    expressions: dict[str, Any] = {}
    for name, key, each in _named(seen.members):
        at = (*path, key)
        if only and not _is_wanted(at, only):
            continue
        expression = f"{within}.{_quoted(key)}" if within else _quoted(key)
        inferred = _value(each, at, expression, only, omitted)
        if inferred is not None:
            fields[name], expressions[name] = inferred
    return fields, expressions


def _value(
    seen: Seen,
    path: tuple[str, ...],
    expression: str,
    only: tuple[str, ...],
    omitted: list[tuple[str, str]],
) -> tuple[Any, Any] | None:
    """The field and its expression; None if there is no field for it."""
    reason = ""
    match sorted(seen.kinds):
        case []:
            reason = "is null in all samples"
        case ["object"]:
            if len(path) >= MOST_LEVELS:
                reason = f"is below {MOST_LEVELS} levels"
            else:
                fields, expressions = _object(seen, path, expression, only, omitted)
                if fields:
                    return fields, expressions
                reason = "" if seen.members else "is empty in all samples"
        case ["list"]:
            return _list(seen.items or Seen(), path, expression, only, omitted)
        case kinds:
            if (kind := _scalar(set(kinds))) is not None:
                return kind, _converted(kind, expression)
            reason = f"is {' and '.join(kinds)}"
    if reason:
        omitted.append((".".join(path), reason))
    return None


def _list(
    items: Seen,
    path: tuple[str, ...],
    expression: str,
    only: tuple[str, ...],
    omitted: list[tuple[str, str]],
) -> tuple[Any, Any] | None:
    reason = "is empty in all samples"
    if items.kinds == {"object"} and len(path) >= MOST_LEVELS:
        reason = f"is below {MOST_LEVELS} levels"
    elif items.kinds == {"object"}:
        fields, expressions = _object(items, path, "", only, omitted)
        if fields:
            return [fields], f"{expression}[*].{_projected(expressions)}"
        if items.members:
            return None
    elif items.kinds:
        kind = _scalar(items.kinds)
        if kind is not None:
            item = _converted(kind, "@")
            return [kind], expression if item == "@" else f"{expression}[*].{item}"
        reason = f"has items that are {' and '.join(sorted(items.kinds))}"
    omitted.append((".".join(path), reason))
    return None


def _projected(expressions: Mapping[str, Any]) -> str:
    """One expression that makes an object."""
    parts = (
        f"{name}: {each if isinstance(each, str) else _projected(each)}"
        for name, each in expressions.items()
    )
    return "{" + ", ".join(parts) + "}"


def _converted(kind: str, expression: str) -> str:
    """XDM's form of a time has a time zone and a T."""
    return f"date({expression})" if kind == "date-time" else expression


def _kind(value: Any) -> str:
    match value:
        case bool():
            return "boolean"
        case int():
            return "integer" if abs(value) <= _LONG else "number"
        case float() | JsonNumber():
            return "number"
    if _TIME.fullmatch(value) and _is_time(value):
        return "date-time"
    return "date" if FORMATS["date"].is_valid(value) else "string"


def _is_time(text: str) -> bool:
    """Whether the Map can convert a time: 2026-02-30 does not exist."""
    try:
        from_text(text)
    except ValueError:
        return False
    return True


def _scalar(kinds: set[str]) -> str | None:
    if len(kinds) == 1:
        return next(iter(kinds - {"object", "list"}), None)
    if kinds <= _NUMBERS:
        return "number"
    return "string" if kinds <= _TEXTS else None


def _named(members: Mapping[str, Seen]) -> Iterator[tuple[str, str, Seen]]:
    """Names of fields for keys, which may have other characters; unique without regard to case."""
    taken: set[str] = set()
    for key, each in members.items():
        name = re.sub(r"[^A-Za-z0-9_]+", "_", key, flags=re.ASCII).strip("_")[:60]
        if not NAME.fullmatch(name):
            name = f"n{name}"
        number = 1
        wanted = name
        while name.lower() in taken:
            number += 1
            name = f"{wanted}{number}"
        taken.add(name.lower())
        yield name, key, each


def _quoted(key: str) -> str:
    if _IDENTIFIER.fullmatch(key):
        return key
    # JMESPath's quoted identifiers are texts of JSON.
    return json.dumps(key, ensure_ascii=not key.isprintable())


def _is_wanted(path: tuple[str, ...], only: tuple[str, ...]) -> bool:
    """Whether a path is above or below one that is wanted."""
    text = ".".join(path) + "."
    return any(text.startswith(f"{each}.") or f"{each}.".startswith(text) for each in only)
