"""Evaluate the conditions of a template for given parameters.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-conditions.html
"""

from collections.abc import Mapping
from typing import Any, Final

FUNCTIONS: Final = {
    "And": "Fn::And",
    "Condition": "Condition",
    "Equals": "Fn::Equals",
    "If": "Fn::If",
    "Not": "Fn::Not",
    "Or": "Fn::Or",
}
"""The functions that decide, by their short forms."""

_MOST_NESTED: Final = 20


def holds(
    condition: Any, conditions: Mapping[str, Any], parameters: Mapping[str, Any], depth: int = 0
) -> bool:
    """Whether a condition, or the condition with a name, is true; unknown functions are false."""
    if depth > _MOST_NESTED:
        return False

    def inner(each: Any) -> bool:
        return holds(each, conditions, parameters, depth + 1)

    match condition:
        case str(name) | {"Condition": str(name)}:
            return inner(conditions.get(name))
        case {"Fn::Not": [each]}:
            return not inner(each)
        case {"Fn::And": list(each)}:
            return all(map(inner, each))
        case {"Fn::Or": list(each)}:
            return any(map(inner, each))
    return _are_equal(condition, parameters)


def _are_equal(condition: Any, parameters: Mapping[str, Any]) -> bool:
    match condition:
        case {"Fn::Equals": [first, second]}:
            return _text(first, parameters) == _text(second, parameters)
    return False


def _text(value: Any, parameters: Mapping[str, Any]) -> str:
    """A value as CloudFormation compares it."""
    match value:
        case {"Ref": str(name)}:
            return str(parameters.get(name, ""))
    return str(value)
