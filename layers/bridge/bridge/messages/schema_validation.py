"""Validate documents against a JSON Schema.

Nothing is ever fetched. `check_schema` rejects unusable schemas at deployment; a schema that fails
later nevertheless is reported as a fault.
"""

from collections.abc import Callable, Iterator, Sequence
from contextvars import ContextVar
from functools import lru_cache
from itertools import islice
from typing import Any, Final

from jsonschema.exceptions import ValidationError, best_match
from jsonschema.protocols import Validator
from jsonschema.validators import Draft7Validator, extend, validator_for
from referencing import Registry
from referencing.exceptions import Unresolvable

from bridge.messages.json_equality import equality_key
from bridge.messages.json_types import type_mismatch
from bridge.messages.schema_numbers import exact_types, multiple_of
from bridge.messages.schema_rules import check_schema
from bridge.strict_json import read_json

__all__ = ["check_schema", "faults"]

# A document of a thousand items can have a thousand; only one is reported.
_MOST_FAULTS: Final = 20
# Keyword evaluations per document, 15 to 60 us each: enough for an order of 10,000 lines, within
# the receiver's timeout. References can multiply the evaluations of a small schema without bound.
_MOST_STEPS: Final = 100_000

_steps: ContextVar[Iterator[int]] = ContextVar("_steps")


class _TooManyStepsError(Exception):
    """A document takes more steps than are allowed."""


def faults(schema: str, value: Any) -> tuple[str, ...]:
    """Return the best-matching fault, if any: its path and keyword, never a value.

    Args:
        schema: JSON Schema as text; draft 7 unless `$schema` names another.
        value: the document.
    """
    _steps.set(iter(range(_MOST_STEPS)))
    try:
        fault = best_match(islice(_validator(schema).iter_errors(value), _MOST_FAULTS))
        return () if fault is None else (_description(fault),)
    except _TooManyStepsError:
        return (f"the check takes more than {_MOST_STEPS:,} steps",)
    except Exception as exc:  # noqa: BLE001
        # The library raises many types, for references, recursion, patterns, unknown types and
        # numbers. Its messages can quote the document.
        kind = "Unresolvable" if isinstance(exc, Unresolvable) else type(exc).__name__
        return (f"the schema cannot be applied: {kind}",)


@lru_cache(maxsize=64)
def _validator(schema: str) -> Validator:
    """Build a validator, once per process."""
    document = read_json(schema)
    counted = _counted(validator_for(document, default=Draft7Validator))
    if isinstance(document, dict):
        # With `$schema`, the library would replace this class by its own at each step.
        document = {name: each for name, each in document.items() if name != "$schema"}
    return counted(document, registry=Registry())


@lru_cache
def _counted(dialect: type[Validator]) -> type[Validator]:
    """Return a dialect whose keywords count their evaluations."""
    keywords = {**dialect.VALIDATORS, "uniqueItems": _unique_items}
    name_of_multiple = "multipleOf" if "multipleOf" in keywords else "divisibleBy"  # Draft 3.
    keywords[name_of_multiple] = multiple_of
    create: Any = extend
    made: type[Validator] = create(
        dialect, {name: _step(each) for name, each in keywords.items()}, None, exact_types(dialect)
    )
    return made


def _step(keyword: Callable[..., Any]) -> Callable[..., Any]:
    def counted(*arguments: Any) -> Any:
        if next(_steps.get(), None) is None:
            raise _TooManyStepsError
        return keyword(*arguments)

    return counted


def _unique_items(
    validator: Validator, wanted: Any, value: Any, _: object
) -> Iterator[ValidationError]:
    """The keyword in linear time; the library compares each pair of objects."""
    is_checked = wanted and validator.is_type(value, "array")
    if is_checked and len(set(map(equality_key, value))) < len(value):
        yield ValidationError("has elements that are equal")


def _description(fault: ValidationError) -> str:
    """Describe a fault by the schema's names: those of a document can be personal data."""
    place = ".".join(_places(list(fault.absolute_schema_path)))
    description = f"{fault.validator or 'false'} at {place or 'its root'}"
    if fault.validator != "type":
        return description
    types: Any = fault.validator_value
    expected = [types] if isinstance(types, str) else types
    # Draft 3 has schemas among them.
    names = [each if isinstance(each, str) else "another schema" for each in expected]
    return f"{description}: {type_mismatch(names, fault.instance)}"


def _places(path: Sequence[object]) -> Iterator[str]:
    steps = iter(path)
    for step in steps:
        match step:
            case "properties" | "prefixItems":
                yield str(next(steps, "*"))
            case "items" | "additionalProperties" | "patternProperties" if step != path[-1]:
                yield "*"
