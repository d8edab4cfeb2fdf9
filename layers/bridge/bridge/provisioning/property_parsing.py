"""Parse the properties of template resources and report invalid ones.

CloudFormation sends every scalar as a string, so `"true"` is a boolean and `"0"` a number.
"""

import difflib
from collections.abc import Iterator, Mapping
from typing import Annotated, Final, get_args

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, ValidationError
from pydantic.alias_generators import to_pascal
from pydantic_core import ErrorDetails

from bridge.errors import InvalidPropertyError
from bridge.names import require_name

CLOUDFORMATION_PROPERTIES: Final = frozenset({"ServiceToken", "ServiceTimeout"})
"""Properties for CloudFormation itself, which it passes on with the others."""


class Properties(BaseModel):
    """Base of all property models: PascalCase names, no unknown ones, no values in errors."""

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
    "tuple_type": "must be a list",
    "model_type": "must be an object",
    "dict_type": "must be an object",
}


def parse[P: Properties](model: type[P], properties: object) -> P:
    """Parse properties.

    Raises:
        InvalidPropertyError: for the first invalid property; the message names the property and
            never quotes a value.
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
    first = errors[0]
    raise InvalidPropertyError(_path(first), _reason(model, first))


def check_names(model: type[Properties], properties: Mapping[str, object]) -> None:
    """Check only that there are no unknown properties; others may not be known yet.

    Raises:
        InvalidPropertyError: for the first unknown property.
    """
    try:
        model.model_validate(dict(properties))
    except ValidationError as exc:
        errors = exc.errors(include_url=False, include_input=False)
        unknown = [each for each in errors if each["type"] == "extra_forbidden"]
    else:
        return
    for each in unknown:
        raise InvalidPropertyError(_path(each), _reason(model, each))


def _path(error: ErrorDetails) -> str:
    return ".".join(map(str, error["loc"])) or "Properties"


def _reason(model: type[Properties], error: ErrorDetails) -> str:
    context = error.get("ctx", {})
    match error["type"]:
        case "extra_forbidden":
            return _unknown(_model_at(model, error["loc"][:-1]), str(error["loc"][-1]))
        case "value_error":
            return str(context["error"])
        case "literal_error":
            return f"must be {context['expected']}"
        case "too_long":
            return f"takes at most {context['max_length']}"
        case other:
            return _REASONS.get(other, error["msg"].replace("Input should", "must"))


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


def _unknown(model: type[Properties], name: str) -> str:
    known = [field.alias or "" for field in model.model_fields.values()]
    close = difflib.get_close_matches(name, known, n=1)
    return "there is no such property" + (f"; is it {close[0]}?" if close else "")
