"""Validate entities against their schema, as Adobe does after its 200 response.

The error text for an unknown field is from "Retrieving failed batches"; the others are our own.
"""

from collections.abc import Mapping
from typing import Any, Final

from jsonschema.exceptions import ValidationError, best_match
from jsonschema.validators import Draft7Validator

_XDM_TIME: Final = r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$"


def fault_of(schema: Mapping[str, Any], entity: Any) -> str | None:
    """Why an entity does not reach its dataset; None if it does."""
    if "properties" not in schema:
        return None
    fault = best_match(Draft7Validator(_closed(schema)).iter_errors(entity))
    return None if fault is None else _told(fault)


def _closed(schema: Mapping[str, Any]) -> dict[str, Any]:
    """The schema without additional properties, and with dates in XDM's format."""
    closed = dict(schema)
    if "properties" in schema:
        closed["properties"] = {name: _closed(each) for name, each in schema["properties"].items()}
        closed["additionalProperties"] = False
    elif isinstance(schema.get("additionalProperties"), dict):
        closed["additionalProperties"] = _closed(schema["additionalProperties"])
    if "items" in schema:
        closed["items"] = _closed(schema["items"])
    if schema.get("format") == "date-time":
        closed["pattern"] = _XDM_TIME
    return closed


def _told(fault: ValidationError) -> str:
    place = "/".join(map(str, fault.absolute_path))
    if fault.validator == "additionalProperties":
        return f"extraneous key is not permitted at #/{place}"
    return f"{fault.validator} does not hold at #/{place}"
