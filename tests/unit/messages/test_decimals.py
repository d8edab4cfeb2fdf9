"""Functions of numbers are exact, and never return NaN or infinity."""

import re
import time
from contextlib import nullcontext
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.errors import MappingError
from bridge.json_numbers import JsonNumber
from bridge.messages.expressions import compile_expression
from bridge.messages.functions import MappingFunctions
from bridge.strict_json import read_json, write_json
from tests.support.json_texts import documents, numbers

plain = st.decimals(min_value=-(10**20), max_value=10**20, places=6)


def value(text: str, body: str) -> Any:
    context = {"body": read_json(body), " provider": "stripe"}
    return compile_expression(text).value(context)


@pytest.mark.parametrize(
    ("text", "body", "expected"),
    [
        ("sum(body)", "[0.1,0.2]", "0.3"),
        ("sum(body)", "[1,2.50]", "3.5"),
        ("sum(body)", "[]", "0"),
        ("sum(body)", "[987654321098765.654321,0.000001]", "987654321098765.654322"),
        ("avg(body)", "[1,2]", "1.5"),
        ("avg(body)", "[1,2,2]", "1.6666666666666667"),
        ("avg(body)", "[1e400,1e400]", "1E+400"),
        ("max(body)", "[1.50,1.5,1.4]", "1.50"),
        ("min(body)", "[1e400,1E401]", "1e400"),
        ("sort(body)", "[1e400,2,1.50,-0]", "[-0,1.50,2,1e400]"),
        ("sort_by(body,&a)[].a", '[{"a":2.0},{"a":1}]', "[1,2.0]"),
        ("max_by(body,&a).a", '[{"a":2.0},{"a":1}]', "2.0"),
        ("abs(body)", "-0.10", "0.10"),
        ("ceil(body)", "1.2", "2"),
        ("floor(body)", "-1.2", "-2"),
        ("ceil(body)", "1e-999999999", "1"),
        ("to_number(body)", '"0.10"', "0.1"),
        ("to_number(body)", "0.10", "0.10"),
        ("to_number(body)", '"NaN"', "null"),
        ("to_number(body)", '"1_000"', "null"),
        ("to_number(body)", '"1e400"', "1E+400"),
        ("to_string(body)", '{"a":[1E5]}', '"{\\"a\\":[1E5]}"'),
        ("type(body)", "1.0", '"number"'),
        ("contains(body, `1.0`)", "[1]", "true"),
        ("not_null(body.a)", '{"a":1.0}', "1.0"),
        ("number(body)", '"199.00"', "199"),
        ("number(body)", '"987654321098765.654321"', "987654321098765.654321"),
        ("number(body)", "1e5", "100000"),
        ("money(body, 'ugx')", "500", "5"),
        ("money(body, 'eur')", "1.5e3", "15"),
        ("body == `1.0`", "1", "true"),
        ("body == `true`", "1.0", "false"),
        ("body > `0.1`", "0.10000000000000000001", "true"),
        ("!body", "0.0", "false"),
        ("`0.10`", "null", "0.10"),
        ("date(body)", "1.7e9", '"2023-11-14T22:13:20Z"'),
        ("date_from_seconds(body)", "1700000000.5", '"2023-11-14T22:13:20.500000Z"'),
    ],
)
def test_result_is_exact(text: str, body: str, expected: str) -> None:
    assert write_json(value(text, body)).decode() == expected


@given(st.lists(plain, min_size=1, max_size=20))
def test_sum_is_that_of_the_decimals(values: list[Decimal]) -> None:
    body = f"[{','.join(map(str, values))}]".replace("E", "e")
    total = sum(map(Decimal, map(str, values)))

    assert value("sum(body)", body) == JsonNumber(str(total))


_LISTS = {"sum", "avg", "max", "min", "sort"}


@given(st.sampled_from(sorted(_LISTS)), st.lists(numbers, max_size=4))
def test_function_of_numbers_gives_json_or_the_documented_error(
    name: str, values: list[str]
) -> None:
    check(f"{name}(body)", f"[{','.join(values)}]")


@given(st.sampled_from(sorted(MappingFunctions.FUNCTION_TABLE)), documents)
def test_any_function_gives_json_or_the_documented_error(name: str, body: str) -> None:
    wanted = MappingFunctions.FUNCTION_TABLE[name]["signature"]
    arguments = [
        "&@" if "expref" in each["types"] else "body" for each in wanted if "optional" not in each
    ]
    check(f"{name}({', '.join(arguments)})", body)


def check(text: str, body: str) -> None:
    try:
        result = value(text, body)
    except MappingError:
        return
    write_json(result)


@pytest.mark.parametrize(
    ("text", "body", "error"),
    [
        ("sum(body)", "[1e999999999,1]", "sum() of these numbers has more than 1,000 digits"),
        ("avg(body)", "[1e999999999,1]", "avg() of these numbers has more than 1,000 digits"),
        ("sum(body)", f"[{'9' * 1_000_000},1]", "sum() of these numbers has more than"),
        ("sum(body)", f"[{'1e900,1,' * 60_000}1]", ""),
        ("sum(body)", f"[{'1e-900,1,' * 60_000}1]", ""),
        ("ceil(body)", f"0.{'3' * 1_000_000}", ""),
        ("number(body)", f'"{"9" * 1_000_000}"', ""),
        ("number(body)", '"1e999999999999999999999"', "number() cannot convert"),
        ("money(body, 'EUR')", "1e999999999", "money() cannot convert"),
        ("sort(body)", f"[{'1e999999999,' * 80_000}1]", ""),
        ("body == `1`", f"1e{'9' * 1_000_000}", ""),
        ("url_decode(body)", f'"{"%41" * 300_000}"', ""),
        ("hex(body)", f'"{"x" * 1_000_001}"', "hex() cannot convert"),
        ("base64_decode(body)", f'"{"/" * 1_000_000}"', "base64_decode() decodes to bytes"),
        ("hex_decode(body)", f'"{"f" * 1_000_000}"', "hex_decode() decodes to bytes"),
    ],
    ids=lambda text: text[:30],
)
def test_hostile_value_takes_bounded_time(text: str, body: str, error: str) -> None:
    began = time.process_time()
    with pytest.raises(MappingError, match=re.escape(error)) if error else nullcontext():
        value(text, body)

    assert time.process_time() - began < 10
