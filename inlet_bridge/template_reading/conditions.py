"""Evaluate the conditions of a template.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-conditions.html
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

_MOST_NESTED: Final = 20


def holds(
    condition: Any,
    conditions: Mapping[str, Any],
    text_of: Callable[[Any], str],
    depth: int = 0,
) -> bool:
    """Whether a condition, or the condition with a name, is true; unknown functions are false.

    Args:
        condition: a name, or a function with its full name.
        conditions: those of the template, by name.
        text_of: resolves what is compared.
        depth: of the conditions that refer to this one; from 20 on, a condition is false.
    """
    if depth > _MOST_NESTED:
        return False

    def inner(each: Any) -> bool:
        return holds(each, conditions, text_of, depth + 1)

    result = False
    match condition:
        case str(name) | {"Condition": str(name)}:
            result = inner(conditions.get(name))
        case {"Fn::Not": [each]}:
            result = not inner(each)
        case {"Fn::And": list(each)}:
            result = all(map(inner, each))
        case {"Fn::Or": list(each)}:
            result = any(map(inner, each))
        case {"Fn::Equals": [first, second]}:
            result = text_of(first) == text_of(second)
    return result
