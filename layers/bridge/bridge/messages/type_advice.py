"""Say how to mend an expression whose values have other types; loaded only for one that fails."""

import re
from collections.abc import Collection
from typing import Final

from bridge.messages.function_signatures import SIGNATURES

_COMPARED: Final = re.compile(r"not supported between instances of '(\w+)' and '(\w+)'")
_TYPES: Final = {
    **dict.fromkeys(("int", "float", "JsonNumber"), "number"),
    "str": "string",
    "bool": "boolean",
    "dict": "object",
    "list": "array",
    "NoneType": "null",
}
_CONVERSIONS: Final = {
    ("number", "string"): "to_string() converts it",
    ("boolean", "string"): "to_string() converts it",
    ("array", "string"): "join() or first() makes a text of it",
    ("string", "number"): "number() converts it, if the text is a number",
    ("string", "array"): "[value] makes a list of it",
    ("object", "array"): "values() makes a list of it",
    ("null", "string"): "value || '' gives a text in its place",
    ("null", "number"): "value || `0` gives a number in its place",
    ("null", "array"): "value || `[]` gives a list in its place",
}


def type_advice(actual: str, expected: Collection[str], function: str = "") -> str:
    """The type that a function does not take, and what to do, as `number; to_string() …`.

    Args:
        actual: JMESPath's name of the type, or Python's.
        expected: JMESPath's names.
        function: that does not take it.
    """
    given = _TYPES.get(actual, actual)
    if function == "join" and given == "array":
        return f"{given} as the separator; write {SIGNATURES[function]}"
    if function == "money" and given == "number":  # The first argument may be one.
        return f"{given} as the currency; write {SIGNATURES[function]}"
    for (kind, wanted), way in _CONVERSIONS.items():
        if kind == given and any(_is_kind(each, wanted, given) for each in expected):
            return f"{given}; {way}"
    return f"{given}; it takes {' or '.join(map(_type_name, expected))}"


def fault_advice(exc: Exception) -> str:
    """Why an expression cannot be evaluated: of Python's texts only the types."""
    if isinstance(exc, TypeError) and (found := _COMPARED.search(str(exc))):
        one, other = (_TYPES.get(each, each) for each in found.groups())
        return (
            f"it compares a {one} with a {other} by order; number() or to_string() converts one"
            " of them"
        )
    if isinstance(exc, TypeError) and "requires string as left operand" in str(exc):
        return "contains(text, part) finds a text; contains(list, value) has the list first"
    return type(exc).__name__


def _is_kind(expected: str, wanted: str, given: str) -> bool:
    """Whether a function expects a type; a list for null is one of any items."""
    return expected == wanted or (given == "null" and expected.startswith(f"{wanted}-"))


def _type_name(kind: str) -> str:
    if kind == "expref":
        return "an expression such as &name"
    return f"an {kind.replace('-', ' of ')}s" if "-" in kind else kind
