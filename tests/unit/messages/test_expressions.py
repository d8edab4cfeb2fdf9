"""Tests of expressions: their input, their functions and their results."""

from typing import Any

import pytest

from bridge.errors import MappingError
from bridge.messages.expressions import compile_expression, headers_read, reads
from tests.support.expression_context import CONTEXT

SECRET = "4111111111111111"
NOT = "is not a JMESPath expression:"


def value(text: str, **body: object) -> Any:
    return compile_expression(text).value(CONTEXT | ({"body": body} if body else {}))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("event_type", "order.paid"),
        ("event_type == 'order.paid'", True),
        ('headers."x-topic"', "orders/paid"),
        ("body.items[0].sku", "a"),
        ("body.items[?price > `3`].sku", ["a"]),
        ("body.items[*].{name: sku}", [{"name": "a"}, {"name": "b"}]),
        ("sort_by(body.items, &price)[0].sku", "b"),
        ("body.items | [1].price", 2),
        ("body.nowhere.at.all", None),
        ("lower(trim(body.email))", "jane@example.com"),
        ("upper(body.currency)", "EUR"),
        ("sha256('jane')", "81f8f6dde88365f3928796ec7aa53f72820b06db8664f5fe76a7eb13e24546a2"),
        ("date_from_seconds(body.at)", "2023-11-14T22:13:20Z"),
        ("date_from_milliseconds('1700000000123')", "2023-11-14T22:13:20.123000Z"),
        ("number('12.50')", 12.5),
        ("number('7')", 7),
        ("money(body.total, body.currency)", 19.99),
        ("default(body.empty, 'none')", "none"),
        ("default(body.nothing, `0`)", 0),
        ("default(body.currency, 'none')", "EUR"),
        ("first(body.items).sku", "a"),
        ("first(body.nothing)", None),
        ("compact(body.list)", ["x"]),
        ("compact({a: body.empty, b: body.total})", {"b": 1999}),
        ("parse_json(body.json).a[0]", 1),
        ("join('-', ['a', 'b'])", "a-b"),
    ],
)
def test_expression_gives(text: str, expected: object) -> None:
    assert value(text) == expected


@pytest.mark.parametrize(
    "call",
    [
        *("lower", "upper", "trim", "sha256", "number", "parse_json", "first", "compact"),
        *("date", "date_from_seconds", "date_from_milliseconds"),
    ],
)
def test_conversion_of_nothing_is_nothing(call: str) -> None:
    assert value(f"{call}(body.nothing)") is None


@pytest.mark.parametrize(
    ("text", "output"),
    [
        ("boddy.x", r"^reads boddy; is it body\? there is event_type"),
        (
            "source == order",
            r"^reads order; a field of the webhook is body\.order, a text is 'order'",
        ),
        ('"a b"', r"^reads a b; a field of the webhook is body\.\"a b\", a text is 'a b'"),
        ("@", "reads the whole webhook"),
        ("length(@)", "reads the whole webhook"),
        ("[0]", "reads the whole webhook"),
        ("headers", "reads all headers"),
        ("headers.*", "reads all headers"),
        ("keys(headers)", "reads all headers"),
        ('headers."X-Topic"', "lower case"),
        ("lowercase(body.a)", r"^calls lowercase\(\), which does not exist; write lower\(text\)$"),
        ("lowr(body.a)", r"^calls lowr\(\), which does not exist; is it lower\(\)\?$"),
        ("base64Decode(body.a)", r"is it base64_decode\(\)\?$"),
        ("frobnicate(body.a)", r"does not exist; docs/mapping\.md lists the functions$"),
        ("if(body.a, 'b', 'c')", r"does not exist; write condition && a \|\| b$"),
        ("lower(body.a, body.b)", r"with 2 arguments; it takes 1, as in lower\(text\)$"),
        (
            "join(body.a)",
            r"^calls join\(\) with 1 .* takes 2, as in join\(separator, texts\)$",
        ),
        ("merge()", r"takes at least 1, as in merge\(.*\); write the value within the brackets$"),
        (
            "body.a.lower()",
            r"as in lower\(text\); write the value within the brackets$",
        ),
        ("money(body.a, 'EUR', 'strip')", r"has no provider strip; there is .*; is it stripe\?$"),
        ("body.a ==", f"^{NOT} it ends too early; a value or a closing bracket is missing$"),
        ("body.", f"^{NOT} it ends too early; a name must follow the last dot$"),
        ("body[", f"^{NOT} it ends too early"),
        ("", f"^{NOT} it is empty; a text is written in single quotes of its own"),
        ("body.a = 'b'", rf"^{NOT} it has =; compare with == \(character 8\)$"),
        ("body.a and body.b", rf"^{NOT} and is no operator; write && \(character 8\)$"),
        ("body.a + 1", f"^{NOT} it has \\+; there is no arithmetic"),
        ("body.a + ' '", r"and join\(\'\', \[a, b\]\) joins texts"),
        ("body.a > 1", rf"^{NOT} a number is written in backticks, as `1` \(character 10\)$"),
        ("body.a==-2.5", f"^{NOT} a number is written in backticks, as `-2.5`"),
        ("money(2, 'EUR')", f"^{NOT} a number is written in backticks, as `2`"),
        ("body.items[1, 2]", f"^{NOT} , does not belong here"),
        ("contains([1, 2], body.a)", f"^{NOT} a number is written in backticks, as `1`"),
        ("body.a[0] 1", f"^{NOT} an operator or a comma is missing before 1"),
        (
            "event_type in ['a']",
            rf"^{NOT} in is no operator; write contains\(list, value\) \(character 12\)$",
        ),
        ("body.a->b", f"^{NOT} it has ->; a field is written after a dot, as in body.data"),
        ("{{ body.a }}", f"^{NOT} an expression is written without {{{{ }}}}"),
        ("${body.a}", f"^{NOT} it has \\${{; an expression is written without \\${{ }}"),
        ("body.a * 2", f"^{NOT} it has \\*; there is no arithmetic"),
        (
            "headers.X-Name",
            f'^{NOT} a name with a hyphen needs double quotes; write headers."x-name", in lower',
        ),
        (
            "body.X-Name",
            f'^{NOT} it has -; a name with a hyphen needs double quotes, as in body."',
        ),
        *(
            (text, f"^{NOT} it has -; there is no arithmetic; sum\\(\\[body.a, `-1`\\]\\) sub")
            for text in (
                "body.a - 1",
                "body.a -1",
                "body.a[0]-1",
                "body.a - body.b",
                "body.a-body.b",
                "body.a -b",
                "length(body.a)-length(body.b)",
                "body.a-`1`",
                "-body.a",
                "[-body.a]",
            )
        ),
        ("body.line-1", f"^{NOT} it has -; a name with a hyphen needs .*, and there is no arith"),
        ("body.first-name", f"^{NOT} it has -; a name with a hyphen"),
        ("body.body-html", f"^{NOT} it has -; a name with a hyphen"),
        ("body.html-body", f"^{NOT} it has -; a name with a hyphen"),
        ("body.é", f"^{NOT} it has é; a name with other characters needs double quotes"),
        ("“y”", f"^{NOT} it has “; a text is written in straight single quotes"),
        ("body.a ? 'b' : 'c'", f"^{NOT} it has \\?; write condition && a \\|\\| b"),
        ("$.body", f"^{NOT} it has \\$; a path begins with body"),
        ("body.first name", f"^{NOT} an operator or a comma is missing before name"),
        ("body.0", f"^{NOT} an item of a list is written \\[0\\]"),
        ("body..a", f"^{NOT} a name is missing before \\."),
        (
            "body['a']",
            f"^{NOT} \\[ \\] takes a number, \\* or \\?condition; a field is written \\.a",
        ),
        ("{a body.b}", f"^{NOT} a name within {{ }} needs a colon, before body"),
        ("[body.a, ]", f"^{NOT} \\] does not belong here"),
        ("`1", f"^{NOT} the ` is not closed"),
        ("&body.a", "has a &"),
        ("[&body.a]", "has a &"),
    ],
)
def test_mistake_shows_when_it_is_compiled(text: str, output: str) -> None:
    with pytest.raises(ValueError, match=output):
        compile_expression(text)


def test_unclosed_quote_is_a_sentence_without_a_colon() -> None:
    with pytest.raises(ValueError, match=rf"^{NOT} the ' is not closed \(character 11\)$"):
        compile_expression("source == 'system")


def test_names_within_a_projection_are_those_of_its_items() -> None:
    assert value("body.items[?sku == 'a'] | [0].price") == 5


def test_headers_that_are_read_are_known_before() -> None:
    text = "headers.host == 'a' && starts_with(headers.\"x-topic\", 'orders')"

    assert headers_read(text) == {"host", "x-topic"}


def test_query_parameters_that_are_read_are_known_before() -> None:
    text = "query.a[0] || query.\"b-c\" || body[?query.d] || query.e[?@ == 'x'] | [0]"

    assert reads(text).query == {"a", "b-c", "e"}


@pytest.mark.parametrize(
    "text", ["query", "query.*", "query.[a, b]", "query.{a: b}", "query | a", "keys(query)"]
)
def test_whole_query_cannot_be_read(text: str) -> None:
    with pytest.raises(ValueError, match=r"reads the whole query; write query\.name"):
        compile_expression(text)


@pytest.mark.parametrize(
    ("text", "output"),
    [
        ("lower(body.card)", r"^lower\(\) does not take number; to_string\(\) converts it$"),
        ("lower(body.list)", r"does not take array; join\(\) or first\(\) makes a text of it$"),
        ("sum(body.list)", "does not take string; it takes an array of numbers$"),
        (
            "join('', body.nothing)",
            r"does not take null; value \|\| `\[\]` gives a list in its place$",
        ),
        ("abs(body.word)", r"not take string; number\(\) converts it, if the text is a number$"),
        (
            "sort_by(body.mixed, body.word)",
            "does not take string; it takes an expression such as &name$",
        ),
        (
            "date(body.word)",
            r"^date\(\) cannot convert what it is given; it takes an ISO 8601, RFC 2822 or HTTP",
        ),
        ("number(body.word)", r"^number\(\) .*; it takes a number, or a text that is one, such as"),
        ("money(body.card, body.word)", r"^money\(\) .* and a currency of three letters, such as"),
        (
            "money('EUR', body.card)",
            r"^money\(\) does not take number as the currency; write money\(minor, currency\)$",
        ),
        ("money(body.word, 'EUR')", r"^money\(\) .*; it takes a number"),
        ("parse_json(body.word)", r"^parse_json\(\) .*; it takes a text of JSON$"),
        (
            "date_from_seconds(body.huge)",
            r"^date_from_seconds\(\) .* Unix time in seconds; date_from_milliseconds\(\) takes",
        ),
        ("max_by(body.mixed, &a)", "^max_by|^the expression fails"),
    ],
)
def test_conversion_error_does_not_contain_the_value(text: str, output: str) -> None:
    body = {
        "card": int(SECRET),
        "word": SECRET + "x",
        "huge": 10**300,
        "mixed": [{"a": []}],
        "list": [SECRET],
    }
    with pytest.raises(MappingError, match=output) as caught:
        value(text, **body)

    assert SECRET not in str(caught.value)
    assert caught.value.__context__ is None
