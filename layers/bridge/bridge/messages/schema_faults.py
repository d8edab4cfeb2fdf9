"""Say what JSON Schema expects where a schema is invalid."""

from typing import Final

from jsonschema.exceptions import SchemaError, ValidationError

_KINDS: Final = {
    "object": "an object",
    "array": "a list",
    "string": "a text",
    "boolean": "true or false",
    "integer": "a whole number",
    "number": "a number",
}
"""The types of JSON Schema in words."""


def expected(exc: SchemaError | ValidationError) -> str:
    """What JSON Schema expects at the place of a fault; follows the name of the place.

    It has no value of the schema, which can be long.
    """
    match exc.validator, exc.validator_value:
        case "type", str() as kind:
            return f"must be {_KINDS.get(kind, kind)}"
        case "type", [*kinds]:
            return f"must be {' or '.join(_KINDS.get(each, each) for each in kinds)}"
        case "anyOf", _ if named := [
            each for each in exc.context or () if each.validator == "enum"
        ]:
            return expected(named[0])
        case "enum", [*values]:
            return f"must be one of {', '.join(map(str, values))}"
        case "format", "regex":
            return "must be a regular expression"
        case rule, _:
            return f"does not follow {rule} of the JSON Schema specification"
