"""Dataclasses as a template spells them out; for provisioning only.

Names are written as in CloudFormation (`PastSeconds` for `past_seconds`, `From` for `from_`).
CloudFormation hands every scalar over as a text, so `"300"` and `"true"` are what they say, and
`none` is nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import is_dataclass
from difflib import get_close_matches
from types import NoneType
from typing import Any, get_args, get_origin, get_type_hints

from pydantic import TypeAdapter, ValidationError

from bridge.errors import InvalidPropertyError


def validated[Model](model: type[Model], document: Mapping[str, Any], path: str) -> Model:
    """The dataclass that a document holds. Raises InvalidPropertyError."""
    try:
        return TypeAdapter[Model](model).validate_python(document)
    except ValidationError as exc:
        error = exc.errors(include_input=False, include_url=False)[0]
        steps = ".".join([path, *(_pascal(str(step)) for step in error["loc"])])
        required = error["type"] == "missing"
        reason = "is required" if required else error["msg"].replace("Input should", "must")
        # The chain would show what the property holds, which may be a secret gone astray.
        raise InvalidPropertyError(steps, reason) from None


def to_field_names(cls: type[Any], given: Any, path: str) -> dict[str, Any]:
    """The properties of one level by the names of the dataclass that they belong to.

    Raises:
        InvalidPropertyError: there is no such property.
    """
    if not isinstance(given, Mapping):
        raise InvalidPropertyError(path, "must be a mapping")
    hints = get_type_hints(cls)
    names = {_pascal(name): name for name in hints}
    document = {}
    for written, value in given.items():
        if written not in names:
            hint = suggestion(written, list(names))
            raise InvalidPropertyError(f"{path}.{written}", f"there is no such property; {hint}")
        name = names[written]
        document[name] = _read(hints[name], value, f"{path}.{written}")
    return document


def _read(hint: Any, value: Any, path: str) -> Any:
    choices = get_args(hint)
    if value == "none" and NoneType in choices:
        return None
    for nested in (hint, *choices):
        if isinstance(nested, type) and is_dataclass(nested):
            return to_field_names(nested, value, path)
    return (value,) if get_origin(hint) is tuple and isinstance(value, str) else value


def over(base: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
    """The base with what is given in its place, level by level."""
    both = {
        name: over(base[name], value)
        for name, value in given.items()
        if isinstance(value, dict) and isinstance(base.get(name), dict)
    }
    return base | given | both


def _pascal(name: str) -> str:
    return "".join(word.capitalize() for word in name.split("_"))


def suggestion(written: str, known: Sequence[str]) -> str:
    """What somebody may have meant."""
    near = get_close_matches(written, known)
    return f"did you mean {' or '.join(near)}?" if near else f"there are {', '.join(known)}"
