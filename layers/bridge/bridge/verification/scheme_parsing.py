"""Parse template properties into the named tuples of schemes; provisioning only.

Names are those of CloudFormation (`PastSeconds` for `past_seconds`, `From` for `from_`).
CloudFormation passes every scalar as a string, so `"300"` and `"true"` are converted, and `none`
means None.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from types import NoneType
from typing import Any, get_args, get_origin, get_type_hints

from pydantic import TypeAdapter, ValidationError

from bridge.errors import InvalidPropertyError
from bridge.spelling import similar
from bridge.verification.scheme_places import example, other_place


def validate[Model](model: type[Model], document: Mapping[str, Any], path: str) -> Model:
    """Build the named tuple from a document. Raises InvalidPropertyError."""
    kind: Any = model  # Classes are hashable, which mypy does not see in a type variable.
    try:
        validated: Model = _adapter(kind).validate_python(document)
    except ValidationError as exc:
        error = exc.errors(include_input=False, include_url=False)[0]
        steps = ".".join([path, *(_pascal(str(step)) for step in error["loc"])])
        required = error["type"] == "missing_argument"
        reason = error["msg"].replace("Input should", "must")
        reason = f"is required{example(steps)}" if required else reason
        # The cause would quote the value, which may be a misplaced secret.
        raise InvalidPropertyError(steps, reason) from None
    return validated


@cache
def _adapter(model: Any) -> TypeAdapter[Any]:
    """Build an adapter once: that takes longer than the rest of applying a source."""
    return TypeAdapter(model)


def to_field_names(cls: type[Any], given: Any, path: str) -> dict[str, Any]:
    """Convert property names to the field names of the named tuple, recursively.

    Raises:
        InvalidPropertyError: there is no such property.
    """
    if not isinstance(given, Mapping):
        raise InvalidPropertyError(path, f"must be a mapping{example(path)}")
    hints = get_type_hints(cls)
    fields = {_pascal(field): field for field in hints}
    document = {}
    for name, value in given.items():
        if name not in fields:
            hint = other_place(name, value, hints) or suggestion(name, list(fields))
            raise InvalidPropertyError(f"{path}.{name}", f"there is no such property; {hint}")
        field = fields[name]
        document[field] = _read(hints[field], value, f"{path}.{name}")
    return document


def _read(hint: Any, value: Any, path: str) -> Any:
    choices = get_args(hint)
    if value == "none" and NoneType in choices:
        return None
    for nested in (hint, *choices):
        if isinstance(nested, type) and hasattr(nested, "_fields"):
            return to_field_names(nested, value, path)
    return (value,) if get_origin(hint) is tuple and isinstance(value, str) else value


def merge(base: dict[str, Any], overrides: dict[str, Any]) -> dict[str, Any]:
    """Apply overrides to the base, recursively."""
    both = {
        name: merge(base[name], value)
        for name, value in overrides.items()
        if isinstance(value, dict) and isinstance(base.get(name), dict)
    }
    return base | overrides | both


def _pascal(name: str) -> str:
    return "".join(word.capitalize() for word in name.split("_"))


def suggestion(name: str, known: Sequence[str]) -> str:
    """Names that are similar to a misspelled one, or all known names."""
    near = similar(name, known)
    return f"did you mean {' or '.join(near)}?" if near else f"must be one of {', '.join(known)}"
