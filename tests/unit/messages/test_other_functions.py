"""What is advised in place of a function of another language gives what that function does."""

import re
from typing import Any, Final

import pytest

from bridge.messages.expression_advice import function_advice
from bridge.messages.expressions import compile_expression
from bridge.messages.function_signatures import SIGNATURES
from bridge.messages.other_functions import FUNCTIONS, WITHOUT
from tests.support.expression_context import CONTEXT

_CALL: Final = re.compile(r"(\w+)\([\w, ]*\)")
_EVALUATED: Final[dict[str, list[tuple[str, Any]]]] = {
    "!(condition)": [("!(body.total)", False)],
    "!(value), which is true for null and for an empty text, list or object": [
        (each, True) for each in ("!(body.empty)", "!(body.nothing)", "!(`[]`)", "!(`{}`)")
    ],
    "[a, b]": [("[event_type, source]", ["order.paid", "shop"])],
    "a != b": [("source != 'a'", True)],
    "a && b": [("source && event_type", "order.paid")],
    "a == b": [("source == 'shop'", True)],
    "a || b": [("body.nothing || source", "shop")],
    "a || b, or value == `null` as a condition": [
        ("body.nothing || source", "shop"),
        ("body.nothing == `null`", True),
    ],
    "base64_decode(text)": [("base64_decode('YQ==')", "a")],
    "body.field, which is null without that field": [("body.absent", None)],
    "ceil(number)": [("ceil(`1.5`)", 2)],
    "condition && a || b": [
        ("body.total && source || event_type", "shop"),
        ("body.empty && source || event_type", "order.paid"),
    ],
    "contains(list, value)": [("contains(body.items[*].sku, 'a')", True)],
    "contains(text, part)": [("contains(event_type, 'paid')", True)],
    "date(text)": [("date('2026-11-30')", "2026-11-30T00:00:00Z")],
    "date_from_seconds(number)": [("date_from_seconds(body.at)", "2023-11-14T22:13:20Z")],
    "delivery_id, which is the same when the webhook is sent again": [("delivery_id", "d-1")],
    "ends_with(text, end)": [("ends_with(event_type, 'paid')", True)],
    "floor(number) or ceil(number)": [("floor(`1.5`)", 1), ("ceil(`1.5`)", 2)],
    "join('', [a, b])": [("join('', [source, event_type])", "shoporder.paid")],
    "length(list)": [("length(body.items)", 2), ("length(source)", 4)],
    "list[*].name": [("body.items[*].sku", ["a", "b"])],
    "list[-1]": [("body.items[-1].sku", "b")],
    "list[0]": [("body.items[0].sku", "a")],
    "list[1:]": [("body.items[1:].sku", ["b"])],
    "list[?name == 'a']": [("body.items[?sku == 'a'].price", [5])],
    "list[]": [("`[[1], [2]]`[]", [1, 2])],
    "lower(text)": [("lower('Ab')", "ab")],
    "number < `1`": [("body.total < `1`", False)],
    "number > `1`": [("body.total > `1`", True)],
    "number(text)": [("number('12')", 12)],
    "parse_json(text)": [("parse_json(body.json)", {"a": [1]})],
    "received_at": [("received_at", "2026-11-01T12:00:00Z")],
    "sha256(text)": [("length(sha256(source))", 64)],
    "starts_with(text, beginning)": [("starts_with(event_type, 'order')", True)],
    "starts_with(text, beginning) or contains(text, part); there are no patterns": [
        ("starts_with(event_type, 'order') || contains(event_type, 'x')", True)
    ],
    "text == 'true'": [("source == 'true'", False)],
    "to_string(value)": [("to_string(body.total)", "1999"), ("to_string(`[1]`)", "[1]")],
    "trim(text)": [("trim(body.email)", "Jane@Example.com")],
    "upper(text)": [("upper(source)", "SHOP")],
    "url_decode(text)": [("url_decode('a%20b')", "a b")],
    "{name: value}": [("{name: source}", {"name": "shop"})],
}


def test_each_advice_is_evaluated() -> None:
    assert {*FUNCTIONS.values()} == _EVALUATED.keys()
    for cases in _EVALUATED.values():
        for expression, value in cases:
            assert compile_expression(expression).value(CONTEXT) == value, expression


@pytest.mark.parametrize("advice", sorted({*WITHOUT.values()}))
def test_functions_that_an_advice_names_exist(advice: str) -> None:
    assert {*_CALL.findall(advice)} <= SIGNATURES.keys()


def test_names_are_distinct_and_do_not_exist() -> None:
    known = {each.replace("_", "") for each in SIGNATURES}
    assert not FUNCTIONS.keys() & WITHOUT.keys()
    assert not (FUNCTIONS.keys() | WITHOUT.keys()) & known
    assert all(re.fullmatch(r"[a-z0-9]+", each) for each in FUNCTIONS.keys() | WITHOUT.keys())


@pytest.mark.parametrize(
    ("name", "advice"),
    [
        ("toUpperCase", "write upper(text)"),
        ("parseInt", "write number(text)"),
        ("toString", "is it to_string()?"),
        ("PARSE_JSON", "is it parse_json()?"),
        ("sort_bye", "is it sort_by()?"),
        ("zzz", "docs/mapping.md lists the functions"),
    ],
)
def test_case_and_underscores_do_not_matter(name: str, advice: str) -> None:
    assert function_advice(name, SIGNATURES) == advice
