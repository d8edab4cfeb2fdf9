"""Write whole numbers without a fraction where a schema has integers: 7.0 becomes 7.

JSON Schema takes 7.0 for an integer. The library whose messages Adobe returns does not:
https://github.com/everit-org/json-schema.
"""

from collections.abc import Mapping
from typing import Any, Final

from bridge.json_numbers import JsonNumber

# No integer of XDM is larger: its Long is that of Java.
_LARGEST: Final = 2**63


def with_whole_numbers(constraints: Mapping[str, Any], value: Any) -> Any:
    """Return a value with these numbers rewritten; a value that has none is returned itself.

    Args:
        constraints: of the value, as `bridge.provisioning.xdm_constraints` writes them.
        value: a JSON value.

    Raises:
        RecursionError: the value is nested too deeply.
    """
    for keyword in ("allOf", "anyOf", "oneOf"):
        for each in constraints.get(keyword, ()):
            value = with_whole_numbers(each, value)
    if type(value) is dict:
        properties: Mapping[str, Any] = constraints.get("properties", {})
        others = constraints.get("additionalProperties") or {}
        fields = {
            name: with_whole_numbers(properties.get(name, others), each)
            for name, each in value.items()
        }
        return fields if any(fields[name] is not each for name, each in value.items()) else value
    if type(value) is list and "items" in constraints:
        items = [with_whole_numbers(constraints["items"], each) for each in value]
        return (
            items if any(new is not old for new, old in zip(items, value, strict=True)) else value
        )
    kinds = constraints.get("type", ())
    kinds = [kinds] if isinstance(kinds, str) else kinds
    return _whole(value) if "integer" in kinds and "number" not in kinds else value


def _whole(value: Any) -> Any:
    """The integer of a number that is written with a fraction or an exponent."""
    if isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) < _LARGEST else value
    if not isinstance(value, JsonNumber) or value.is_written_as_integer:
        return value
    exact = value.decimal
    # Compared first: the integer of a large exponent would have as many digits.
    if not -_LARGEST < exact < _LARGEST or exact != exact.to_integral_value():
        return value
    return int(exact)
