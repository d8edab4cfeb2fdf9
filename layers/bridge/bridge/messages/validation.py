"""Does a document fit a JSON Schema?"""

import json
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import islice
from typing import Any, Final

from jsonschema.exceptions import SchemaError, ValidationError, best_match
from jsonschema.protocols import Validator
from jsonschema.validators import validator_for

# XDM's own schemas are written in it; a schema that names another is read by that.
_DRAFT: Final = {"$schema": "http://json-schema.org/draft-07/schema#"}
# A document of a thousand items can have a thousand; one is told.
_MOST_FAULTS: Final = 20


def faults(schema: str, value: Any) -> tuple[str, ...]:
    """What does not fit, the first fault only: its place and the keyword, never a value.

    Args:
        schema: JSON Schema as text; of draft 7 unless it names another.
        value: the document.
    """
    fault = best_match(islice(_validator(schema).iter_errors(value), _MOST_FAULTS))
    return () if fault is None else (_told(fault),)


def check_schema(schema: str) -> None:
    """Check that a schema is one.

    Raises:
        ValueError: it is none; a sentence without a subject.
    """
    try:
        document = json.loads(schema)
        validator_for(document, default=validator_for(_DRAFT)).check_schema(document)
    except SchemaError as exc:
        place = ".".join(map(str, exc.absolute_path))
        raise ValueError(f"is no JSON Schema: {exc.validator} at {place or 'its root'}") from None


@lru_cache(maxsize=64)
def _validator(schema: str) -> Validator:
    """A validator, once per process; no reference leads out of the schema."""
    document = json.loads(schema)
    return validator_for(document, default=validator_for(_DRAFT))(document)


def _told(fault: ValidationError) -> str:
    """The place by the schema's own names: those of a document can be somebody's address."""
    place = ".".join(_places(list(fault.absolute_schema_path)))
    return f"{fault.validator} at {place or 'its root'}"


def _places(path: Sequence[object]) -> Iterator[str]:
    steps = iter(path)
    for step in steps:
        match step:
            case "properties" | "prefixItems":
                yield str(next(steps))
            case "items" | "additionalProperties" | "patternProperties" if step != path[-1]:
                yield "*"
