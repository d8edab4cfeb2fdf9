"""Evaluate the `Rules` of a template as CloudFormation does before it changes a stack."""

from collections.abc import Mapping
from typing import Any

_LEAST_OPERANDS, _MOST_OPERANDS = 2, 10


def violations(document: Mapping[str, Any], given: Mapping[str, str]) -> list[str]:
    """The descriptions of the assertions that fail.

    Args:
        document: the template.
        given: values of parameters; the others have their defaults, and required ones any value.
    """
    parameters = document["Parameters"]
    assert given.keys() <= parameters.keys()
    values = {name: str(item.get("Default", "required")) for name, item in parameters.items()}
    values |= given
    return [
        assertion["AssertDescription"]
        for rule in document["Rules"].values()
        if _holds(rule.get("RuleCondition", {"Fn::Equals": ["", ""]}), values)
        for assertion in rule["Assertions"]
        if not _holds(assertion["Assert"], values)
    ]


def _holds(expression: Any, values: Mapping[str, str]) -> bool:
    """Evaluate a condition.

    Rules know neither conditions nor resources
    (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-rules.html).
    """
    ((function, operands),) = expression.items()
    match function, operands:
        case "Fn::Equals", [left, right]:
            return _value(left, values) == _value(right, values)
        case "Fn::Not", [operand]:
            return not _holds(operand, values)
        case "Fn::And" | "Fn::Or", list():
            assert _LEAST_OPERANDS <= len(operands) <= _MOST_OPERANDS
            results = [_holds(operand, values) for operand in operands]
            return all(results) if function == "Fn::And" else any(results)
        case _:
            raise AssertionError(f"{function} is not a function of rules")


def _value(operand: Any, values: Mapping[str, str]) -> str:
    match operand:
        case {"Ref": str(name)}:
            return values[name]
        case str() | int():
            return str(operand)
        case _:
            raise AssertionError(f"{operand} is neither a parameter nor a literal")
