"""JSON is read and written without changing its numbers."""

import time
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bridge.json_numbers import JsonNumber
from bridge.strict_json import read_body, read_json, write_json, write_json_text
from tests.support.json_texts import documents, numbers


def ascii_only(text: str) -> str:
    """The same JSON with all other characters escaped, as Python escapes them."""
    return write_json_text(read_json(text), ascii_only=True)


@given(documents)
@example('{"a":-0,"b":[-0,-0.0,1E5,1e+05,0.10,1e400]}')
@example('["a number of the document",1.0,"\\"a number of the document"]')
@example(f"[{'9' * 4_301},-{'9' * 5_000},1.5]")
def test_document_is_written_as_it_was_read(text: str) -> None:
    assert ascii_only(text) == text


@given(numbers, numbers)
@example("0.1", "0.10")
@example("1", "1e0")
@example("9007199254740993", "9007199254740992.0")
@example("1e99999999999999999999", "1e-99999999999999999999")
def test_order_is_that_of_the_decimals(one: str, two: str) -> None:
    left, right = read_json(one), read_json(two)
    exact = [Decimal(text) for text in (one, two) if len(text.lower().partition("e")[2]) < 18]

    assert (left < right) + (left == right) + (left > right) == 1
    assert (left <= right, left >= right) == (not left > right, not left < right)
    if len(exact) == 2:
        assert (left < right, left == right) == (exact[0] < exact[1], exact[0] == exact[1])
    if left == right:
        assert hash(left) == hash(right)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_float_counts_as_the_decimal_that_it_shows(number: float) -> None:
    read = read_json(repr(number))

    assert read == number
    assert number == read
    assert hash(read) == hash(number)
    assert not read < number
    assert not read > number


@pytest.mark.parametrize("other", [True, False, None, "1", [], {}, float("nan")])
def test_number_equals_nothing_else(other: object) -> None:
    assert JsonNumber("1.0") != other
    with pytest.raises(TypeError):
        assert JsonNumber("1.0") < other


@pytest.mark.parametrize(
    "text", ["NaN", "[Infinity]", "-Infinity", "01", "1.", ".5", "+1", "1e", "-"]
)
def test_other_numbers_are_not_json(text: str) -> None:
    for read in (read_json, lambda text: read_body(text.encode())):
        with pytest.raises(ValueError, match=r"NaN|Infinity|Extra data|Expecting|delimiter"):
            read(text)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), [float("-inf")]])
def test_infinity_is_not_written(value: object) -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        write_json(value)


def test_other_objects_are_not_written() -> None:
    with pytest.raises(TypeError, match=r"^set is not JSON$"):
        write_json({"a": set()})


@pytest.mark.parametrize(
    "text",
    [
        "9" * 1_000_000,
        f"0.{'1' * 1_000_000}",
        f"1e{'9' * 1_000_000}",
        f"-1e-{'9' * 1_000_000}",
        f"[{'1.5,' * 200_000}0]",
        f"[{'-0,' * 300_000}0]",
        "1e999999999",
    ],
    ids=lambda text: f"{text[:8]} {len(text)}",
)
def test_hostile_number_takes_bounded_time(text: str) -> None:
    began = time.process_time()
    read: Any = read_json(text)
    assert write_json(read) == text.encode()
    if isinstance(read, JsonNumber):
        assert read != 1
        assert (read < 5) != (read > 5)
        assert hash(read) == hash(JsonNumber(text))

    assert time.process_time() - began < 10
