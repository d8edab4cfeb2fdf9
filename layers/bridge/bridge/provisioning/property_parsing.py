"""Parse the properties of template resources and report invalid ones.

CloudFormation sends every scalar as a string, so `"true"` is a boolean and `"0"` a number.
"""

from collections.abc import Container, Iterator, Mapping, Sequence
from typing import Annotated, ClassVar, Final, get_args

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, ValidationError
from pydantic.alias_generators import to_pascal
from pydantic_core import ErrorDetails

from bridge.errors import InvalidPropertyError
from bridge.names import require_name
from bridge.provisioning.bridge_parameters import OF_THE_BRIDGE, PARAMETERS
from bridge.provisioning.property_forms import FORMS
from bridge.spelling import nearest

CLOUDFORMATION_PROPERTIES: Final = frozenset({"ServiceToken", "ServiceTimeout"})
"""Properties for CloudFormation itself, which it passes on with the others."""


class Properties(BaseModel):
    """Base of all property models: PascalCase names, no unknown ones, no values in errors.

    Attributes:
        ELSEWHERE: names of properties of other services, and what does the same here.
    """

    ELSEWHERE: ClassVar[Mapping[str, str]] = {}

    model_config = ConfigDict(
        alias_generator=to_pascal, extra="forbid", frozen=True, hide_input_in_errors=True
    )


def _boolean(value: object) -> object:
    match value:
        case "true" | "True" | True:
            return True
        case "false" | "False" | False:
            return False
        case _:
            raise ValueError("must be true or false")


type Boolean = Annotated[bool, BeforeValidator(_boolean)]
type Name = Annotated[str, AfterValidator(require_name)]


_REASONS = {
    "missing": "is required",
    "too_short": "needs at least one entry",
    "string_type": "must be a text",
    "string_too_short": "must not be empty",
    "string_too_long": "takes at most {max_length} characters",
    "tuple_type": "must be a list, such as [a, b]",
    "model_type": "must be an object, with names and values",
    "dict_type": "must be an object, with names and values",
    "value_error": "{error}",
    "literal_error": "must be {expected}",
    "too_long": "takes at most {max_length}",
    "greater_than_equal": "must be at least {ge}",
    "less_than_equal": "must be at most {le}{unit}",
    **dict.fromkeys(
        ("int_type", "int_parsing", "int_parsing_size", "int_from_float"),
        "must be a whole number{of}",
    ),
}
_UNITS: Final = {
    "KeepBodies": ("days", "such as 30; 0 keeps none"),
    "Seconds": ("seconds", "such as 300"),
    "Bytes": ("bytes", "such as 100000"),
}
"""By the end of a property's name, what its number counts, and an example."""
_MOST_NAMES: Final = 12
# How Pydantic names the member of a union in the place of an error.
_MEMBERS: Final = ("dict[", "list[", "tuple[", "literal[", "nullable[", "function-")


def parse[P: Properties](model: type[P], properties: object) -> P:
    """Parse properties.

    Raises:
        InvalidPropertyError: for the first unknown property, which may be a missing one in another
            spelling, else for the first invalid one; the message names the property and never
            quotes a value.
    """
    if not isinstance(properties, Mapping):
        raise InvalidPropertyError("Properties", "must be an object")
    own = {
        name: value for name, value in properties.items() if name not in CLOUDFORMATION_PROPERTIES
    }
    try:
        return model.model_validate(own)
    except ValidationError as exc:
        errors = exc.errors(include_url=False, include_input=False)
    # Outside the except clause, so that no value is in the context of the error.
    first = next(_unknown(errors), errors[0])
    raise InvalidPropertyError(_path(first), _reason(model, first, errors))


def check_names(model: type[Properties], properties: Mapping[str, object]) -> None:
    """Check only that there are no unknown properties; others may not be known yet.

    Raises:
        InvalidPropertyError: for the first unknown property.
    """
    try:
        model.model_validate(dict(properties))
    except ValidationError as exc:
        errors = exc.errors(include_url=False, include_input=False)
    else:
        return
    for each in _unknown(errors):
        raise InvalidPropertyError(_path(each), _reason(model, each, errors))


def _unknown(errors: Sequence[ErrorDetails]) -> Iterator[ErrorDetails]:
    return (each for each in errors if each["type"] == "extra_forbidden")


def _path(error: ErrorDetails) -> str:
    steps = (str(each) for each in error["loc"])
    return ".".join(each for each in steps if not each.startswith(_MEMBERS)) or "Properties"


def _reason(model: type[Properties], error: ErrorDetails, errors: Sequence[ErrorDetails]) -> str:
    context = error.get("ctx", {})
    names = [each for each in error["loc"][-2:] if isinstance(each, str)]
    for each in reversed(names):
        if form := FORMS.get((error["type"], each)):
            return form
    match error["type"]:
        case "extra_forbidden":
            *within, name = error["loc"]
            missing = {
                str(each["loc"][-1])
                for each in errors
                if each["type"] == "missing" and [*each["loc"][:-1]] == within
            }
            if advice := _of_other_services(_model_at(model, tuple(within)), str(name)):
                return f"there is no such property; {advice}"
            if elsewhere := _elsewhere(model, tuple(within), str(name)):
                return f"there is no such property here; {elsewhere}"
            return _unknown_name(_model_at(model, tuple(within)), str(name), missing)
        case other if other in _REASONS:
            return _REASONS[other].format(**context, **_unit(error))
        case _:
            return error["msg"].replace("Input should", "must")


def _unit(error: ErrorDetails) -> dict[str, str]:
    """What the number of a property counts, for `_REASONS`; empty texts if that is not known."""
    unit, example = _counted(str(error["loc"][-1]) if error["loc"] else "")
    return {"unit": f" {unit}", "of": f" of {unit}, {example}"} if unit else {"unit": "", "of": ""}


def number_form(name: str) -> str:
    """What to write for a property with a number; empty for any other property."""
    unit, example = _counted(name)
    return f"a whole number of {unit}, {example}" if unit else ""


def _counted(name: str) -> tuple[str, str]:
    """What the number of a property counts, and an example; empty texts for any other one."""
    return next((each for end, each in _UNITS.items() if name.endswith(end)), ("", ""))


def _model_at(model: type[Properties], steps: tuple[int | str, ...]) -> type[Properties]:
    """The model of the object at a path."""
    for step in steps:
        for field in model.model_fields.values():
            if field.alias == step:
                model = next(_models(field.annotation), model)
    return model


def _models(annotation: object) -> Iterator[type[Properties]]:
    if isinstance(annotation, type) and issubclass(annotation, Properties):
        yield annotation
    for inner in get_args(annotation):
        yield from _models(inner)


def _of_other_services(model: type[Properties], name: str) -> str:
    """What to do for a property of another service or a parameter of the bridge; else empty."""
    if any(name.casefold() == each.casefold() for each in names_of(model)):
        return ""
    by_letters = {each.casefold(): advice for each, advice in model.ELSEWHERE.items()}
    return by_letters.get(name.casefold(), OF_THE_BRIDGE if name in PARAMETERS else "")


def _elsewhere(model: type[Properties], within: tuple[int | str, ...], name: str) -> str:
    """Where a property belongs that was written at another level; empty if no level has it."""
    for depth in reversed(range(len(within))):
        step = within[depth]
        if isinstance(step, str) and name in names_of(_model_at(model, within[:depth])):
            return f"indent it as {step} is"
    for field in _model_at(model, within).model_fields.values():
        for inner in _models(field.annotation):
            if name in names_of(inner):
                is_list = "tuple" in str(field.annotation)
                return f"it belongs in {'an entry of ' if is_list else ''}{field.alias}"
    return ""


def names_of(model: type[Properties]) -> frozenset[str]:
    """The names of a model's properties in a template."""
    return frozenset(field.alias or "" for field in model.model_fields.values())


def _unknown_name(model: type[Properties], name: str, missing: Container[str]) -> str:
    known = [field.alias or "" for field in model.model_fields.values()]
    close = nearest(name, known)
    if not close:
        listed = f"there is {', '.join(known)}"
        if len(known) > _MOST_NAMES:
            listed = "docs/configuration.md lists them all"
        return f"there is no such property; {listed}"
    is_required = ", which is required" if close in missing else ""
    return f"there is no such property; is it {close}{is_required}?"
