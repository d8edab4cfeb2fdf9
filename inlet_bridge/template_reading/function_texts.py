"""Say how a function of CloudFormation gives a text to an expression, in which texts are quoted."""

import re
from collections.abc import Mapping
from typing import Any, Final

# What is an expression even where a function replaces a part of it.
_EXPRESSION: Final = re.compile(r"[\\'\"`(\[|&]|\s*(?:body|event_type|headers|query)\b")


def as_written(function: Mapping[str, Any]) -> str:
    """The function as a template has it, in its short form and as far as it is short."""
    ((name, given),) = function.items()
    short = name.removeprefix("Fn::")
    match name, given:
        case ("Ref", str(target)) | ("Fn::GetAtt", str(target)):
            return f"!{short} {target}"
        case "Fn::GetAtt", [str(target), str(attribute)]:
            return f"!{short} {target}.{attribute}"
    return f"!{short}"


def as_quoted(function: Mapping[str, Any]) -> str:
    """What to write for the text that a function gives; empty if it may give an expression."""
    ((name, given),) = function.items()
    written = as_written(function)
    match name, given:
        case "Fn::Sub", str(text):
            return "" if _EXPRESSION.search(text) else f"!Sub \"'{text}'\""
        case "Fn::Sub", _:
            return ""
    if " " in written:
        return f"!Sub \"'${{{written.partition(' ')[2]}}}'\""
    return f"!Sub [\"'${{Value}}'\", {{Value: {written} …}}]"
