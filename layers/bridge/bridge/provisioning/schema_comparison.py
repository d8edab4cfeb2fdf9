"""Compare a template with an XDM schema before anything is deployed."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, Literal, NamedTuple

from bridge.spelling import nearest

TIME_SERIES: Final = "https://ns.adobe.com/xdm/data/time-series"
_EXPERIENCE_EVENT: Final = "https://ns.adobe.com/xdm/context/experienceevent"
# Fields that the bridge adds to the output of a template.
_ADDED: Final = ("_id", "timestamp", "identityMap")
# A class of XDM has about 30 fields, a field group more: enough to recognize the level.
_MOST_NAMES: Final = 12


class UnknownFieldsError(ValueError):
    """A template has fields that its schema does not have."""


def schema_behavior(schema: Mapping[str, Any]) -> Literal["time-series", "record"]:
    """The behavior of the schema's class, by `meta:class` and `meta:extends`."""
    extends = schema.get("meta:extends")
    bases = [schema.get("meta:class"), *(extends if isinstance(extends, list) else ())]
    is_event = any(base in bases for base in (TIME_SERIES, _EXPERIENCE_EVENT))
    return "time-series" if is_event else "record"


def check_template(schema: Mapping[str, Any], template: Any, path: str = "") -> None:
    """Check that a template has only fields of a schema, and those that the schema requires.

    The values of expressions are checked when a message is made.

    Args:
        schema: as Adobe's Schema Registry returns it with every reference resolved (`xed-full`).
        template: JSON.
        path: of the schema's part; empty for the entity.

    Raises:
        UnknownFieldsError: fields are unknown; says why for the first fault, and names the paths
            of all, up to a limit.
        ValueError: as above, of fields that are only missing.
    """
    faults = [*_faults(schema, template, path)]
    if not faults:
        return
    text = f"{faults[0].path}: {faults[0].reason}"
    if others := [each.path for each in faults[1:]]:
        stop = "" if text.endswith("?") else "."
        text += f"{stop} Also wrong: {listed(others)}"
    raise (UnknownFieldsError if any(each.is_unknown for each in faults) else ValueError)(text)


class _Fault(NamedTuple):
    """A field that a template may not have, or lacks."""

    path: str
    reason: str
    is_unknown: bool = False


def _faults(schema: Mapping[str, Any], template: Any, path: str) -> Iterator[_Fault]:
    known = _fields(schema)
    match template:
        case dict() if known is not None and "patternProperties" not in schema:
            yield from _missing(schema, template, path)
            for name, each in template.items():
                field = known.get(name)
                if isinstance(field, Mapping):
                    yield from _faults(field, each, _below(path, name))
                else:
                    yield _Fault(_below(path, name), _unknown(known, name), is_unknown=True)
        case dict() if isinstance(more := schema.get("additionalProperties"), Mapping):
            for name, each in template.items():
                yield from _faults(more, each, _below(path, name))
        case list() if isinstance(items := schema.get("items"), Mapping):
            for index, each in enumerate(template):
                yield from _faults(items, each, _below(path, str(index)))


def _missing(schema: Mapping[str, Any], template: Mapping[str, Any], path: str) -> Iterator[_Fault]:
    required = schema.get("required")
    for name in required if isinstance(required, list) else ():
        if isinstance(name, str) and name not in template and not (path == "" and name in _ADDED):
            yield _Fault(_below(path, name), "is required by the schema")


def nested(name: str) -> str:
    """A name with dots as a template has it: `a: {b: …}` for `a.b`."""
    first, *below = name.split(".")
    return f"{first}: {{{nested('.'.join(below))}}}" if below else f"{first}: …"


def _unknown(known: Mapping[str, Any], name: str) -> str:
    path = name.strip("/").replace("/", ".")
    if "." in path and path.partition(".")[0] in known:
        return f"the schema has no such field; write it nested, {nested(path)}"
    close = nearest(name, known)
    hint = f"is it {close}?" if close else f"there is {listed(sorted(known)) or 'none'}"
    return f"the schema has no such field; {hint}"


def listed(names: Sequence[str]) -> str:
    """Names for a sentence, of which the first 12 are written out."""
    more = len(names) - _MOST_NAMES
    listed = ", ".join(names[:_MOST_NAMES])
    if more <= 0:
        return listed
    return f"{listed} and {more} {'other' if more == 1 else 'others'}"


def _fields(schema: Mapping[str, Any]) -> Mapping[str, Any] | None:
    properties = schema.get("properties")
    return properties if isinstance(properties, Mapping) else None


def _below(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
