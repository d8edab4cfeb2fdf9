"""Does a document fit a JSON Schema?

No reference leads out of a schema: nothing is ever fetched. `schema_check` refuses at deployment
what cannot be applied; what was stored before, or depends on the document, is a fault here.
"""

import json
from collections.abc import Callable, Hashable, Iterator, Sequence
from contextvars import ContextVar
from functools import lru_cache
from itertools import islice
from typing import Any, Final

from jsonschema.exceptions import ValidationError, best_match
from jsonschema.protocols import Validator
from jsonschema.validators import Draft7Validator, extend, validator_for
from referencing import Registry
from referencing.exceptions import Unresolvable

from bridge.messages.schema_rules import check_schema

__all__ = ["check_schema", "faults"]

# A document of a thousand items can have a thousand; one is told.
_MOST_FAULTS: Final = 20
# Keywords that are applied to one document, some 15 to 60 us each: enough for an order of 10,000
# lines, in less than the receiver's time-out. References can make any number of a small schema.
_MOST_STEPS: Final = 100_000

_steps: ContextVar[Iterator[int]] = ContextVar("_steps")


class _TooManyStepsError(Exception):
    """A document takes more steps than are allowed."""


def faults(schema: str, value: Any) -> tuple[str, ...]:
    """What does not fit, the first fault only: its place and the keyword, never a value.

    Args:
        schema: JSON Schema as text; of draft 7 unless it names another.
        value: the document.
    """
    _steps.set(iter(range(_MOST_STEPS)))
    try:
        fault = best_match(islice(_validator(schema).iter_errors(value), _MOST_FAULTS))
        return () if fault is None else (_told(fault),)
    except _TooManyStepsError:
        return (f"the check takes more than {_MOST_STEPS:,} steps",)
    except Exception as exc:  # noqa: BLE001
        # The library raises a dozen kinds: of references, recursion, patterns, unknown types,
        # numbers. Its messages can quote the document.
        kind = "Unresolvable" if isinstance(exc, Unresolvable) else type(exc).__name__
        return (f"the schema cannot be applied: {kind}",)


@lru_cache(maxsize=64)
def _validator(schema: str) -> Validator:
    """A validator, once per process."""
    document = json.loads(schema)
    counted = _counted(validator_for(document, default=Draft7Validator))
    if isinstance(document, dict):
        # The library looks it up again at each step, and would find its own class, not ours.
        document = {name: each for name, each in document.items() if name != "$schema"}
    return counted(document, registry=Registry())


@lru_cache
def _counted(dialect: type[Validator]) -> type[Validator]:
    """A dialect of which every keyword is a step."""
    keywords = {**dialect.VALIDATORS, "uniqueItems": _unique_items}
    create: Any = extend
    made: type[Validator] = create(dialect, {name: _step(each) for name, each in keywords.items()})
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
    if is_checked and len(set(map(_frozen, value))) < len(value):
        yield ValidationError("has elements that are equal")


def _frozen(value: Any) -> Hashable:
    """A key that is equal for values that JSON Schema calls equal: 1 and 1.0, not 1 and true."""
    match value:
        case bool():
            return (bool, value)
        case dict():
            return (dict, frozenset((name, _frozen(each)) for name, each in value.items()))
        case list():
            return (list, tuple(map(_frozen, value)))
    return value  # type: ignore[no-any-return]


def _told(fault: ValidationError) -> str:
    """The place by the schema's own names: those of a document can be somebody's address."""
    place = ".".join(_places(list(fault.absolute_schema_path)))
    return f"{fault.validator or 'false'} at {place or 'its root'}"


def _places(path: Sequence[object]) -> Iterator[str]:
    steps = iter(path)
    for step in steps:
        match step:
            case "properties" | "prefixItems":
                yield str(next(steps, "*"))
            case "items" | "additionalProperties" | "patternProperties" if step != path[-1]:
                yield "*"
