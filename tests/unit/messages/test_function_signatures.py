"""The calls that errors show are calls of the functions that there are."""

from bridge.messages.expressions import compile_expression
from bridge.messages.function_signatures import SIGNATURES
from bridge.messages.functions import MappingFunctions


def test_each_function_has_a_call_that_is_valid() -> None:
    assert SIGNATURES.keys() == MappingFunctions.FUNCTION_TABLE.keys()
    for name, call in SIGNATURES.items():
        arguments = call.removeprefix(f"{name}(").removesuffix(")").split(", ")
        written = ("&a" if each.startswith("&") else "body.a" for each in arguments)
        compile_expression(f"{name}({', '.join(written)})")


def test_expressions_are_where_functions_take_them() -> None:
    for name, call in SIGNATURES.items():
        arguments = call.removeprefix(f"{name}(").removesuffix(")").split(", ")
        signature = MappingFunctions.FUNCTION_TABLE[name]["signature"]
        for argument, taken in zip(arguments, signature, strict=False):
            assert argument.startswith("&") is (taken["types"] == ["expref"])
