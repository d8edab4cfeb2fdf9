"""What `inlet map` says of expressions that are written as in other languages."""

from pathlib import Path

import pytest

from tests.support.linear_map import of_field, output

_JOINED = "join('', ['Issue ', body.data.title])"
_HEADER = 'write headers."linear-event", in lower case'
_UNSIGNED = "a header that is not signed needs Unsigned: [header:linear-event] as well"
_PATTERN = "write starts_with(text, beginning) or contains(text, part); there are no patterns"
_CASES = [
    ("default(body.data.x)", "with 1 argument; it takes 2, as in default(value, fallback);"),
    ("money(body.data.x)", "it takes 2 or 3, as in money(minor, currency);"),
    ("headers['Linear-Event']", f"{_HEADER}; {_UNSIGNED}"),
    ('headers."Linear-Event"', f"reads header Linear-Event; {_HEADER}; {_UNSIGNED}"),
    ("headers.Linear-Event", f"a name with a hyphen needs double quotes; {_HEADER}; {_UNSIGNED}"),
    ("body.data['due-date']", 'a field is written ."due-date"'),
    *(
        (f"{name}.title", f"reads {name}; the webhook is body, a field of it body.{name}, a text")
        for name in ("payload", "event", "data", "request")
    ),
    ("$json.data.title", "it has $; a path begins with body, as in body.id"),
    ("event_type =~ /Issue/", _PATTERN),
    ("event_type matches 'Issue'", f"matches is no operator; {_PATTERN}"),
    ("regex_match(event_type, 'Issue')", f"regex_match(), which does not exist; {_PATTERN}"),
    ("format_date(body.createdAt, 'YYYY')", "does not exist; a date has the form that XDM needs"),
    ("split(body.url, '/')", "no function cuts a text; send the whole, as starts_with(text, begi"),
    ("substring(body.data.title, `0`, `3`)", "no function cuts a text"),
    ("replace(body.url, 'a', 'b')", "no function changes a part of a text; trim(), lower() and"),
    ("uuid()", "write delivery_id, which is the same when the webhook is sent again"),
    ("parseInt(body.data.identifier)", "write number(text)"),
    ("round(body.data.priority)", "write floor(number) or ceil(number)"),
    ("datetime(body.createdAt)", "write date(text)"),
    ("strftime(body.createdAt, '%Y')", "a date has the form that XDM needs, as in 2026-03-14T"),
    ("base64(body.data.title)", "no function encodes as Base64; base64_decode(text) decodes, and"),
    ("iif(a, b, c)", "write condition && a || b"),
    ("nvl(body.a, 'b')", "write a || b"),
    ("(body) => body.data.title", "it has =>; there are no functions of one's own; write a field"),
    ("join(body.data.labels[*].name, ',')", "array as the separator; write join(separator, texts)"),
    ("contains('bug', body.data.labels[*].name)", "contains(list, value) has the list first"),
    ("Math.round(body.data.priority)", "functions are called alone, as in floor(number) or ceil"),
    ("JSON.stringify(body)", "functions are called alone, as in parse_json(text) or to_string(val"),
    ("new Date()", "write date(text) or received_at"),
    ("typeof body.data", "write type(value)"),
    ("return body.data.title", "an expression is written without return"),
    ("body.data.labels.[0].name", "leave out the dot before ["),
    ("body.data.title // 'x'", "it has //; write a || b; a comment of the file follows #"),
    (".data.title", "a path begins with body: write body.data.title"),
    ("/data/labels/0/name", "a field is written after a dot, as in body.data.labels[0].name"),
    ("body/data/title", "a field is written after a dot, as in body.data.title, and there is no"),
    ("=body.data.title", "leave out the = at its beginning"),
    ("not body.data.title", "not is no operator; write !(condition)"),
    ("lower body.data.title", "a function has brackets: write lower(text)"),
    ("body.data.title if body.data else 'x'", "if is no operator; write condition && a || b"),
    ("{% if body %}a{% endif %}", "there are no tags; write condition && a || b"),
    ("{{#if body}}a{{/if}}", "there are no tags; write condition && a || b"),
    ("<% body.data.title %>", "there are no tags; write condition && a || b"),
    ("#{body.data.title}", "an expression is written without #{ }"),
    ("%{body.data.title}", "an expression is written without %{ }"),
    ("{body.data.title}", "an expression is written without { }"),
    ("'it's'", "the ' is not closed; within a text it is written \\'"),
    ("env.STAGE", "a parameter of the file is \"'${NAME}'\" after !Sub"),
    ("body.data.title | upcase", "body.data.title is a text, which has no field upcase; write upp"),
    ("body.data.title.length", "which has no field length; write length(list)"),
    ("body.data.title | truncate", "which has no field truncate; no function cuts a text"),
    ("map(name, body.data.labels)", "a field of each item is written with &, as in &name;"),
    ("sort_by(body.data.labels, name.x)", "field of each item is written with &, as in &name;"),
    ("f'Issue {body.data.title}'", f"there are no formatted texts; write {_JOINED}"),
    ('f"Issue {body.data.title}"', f"there are no formatted texts; write {_JOINED}"),
    ("f'{title}'", "there are no formatted texts; write join('', [a, b])"),
    ("Issue ${body.data.title}", f"nothing is replaced in a text; write {_JOINED}"),
    ("Issue {{ body.data.title }}", f"nothing is replaced in a text; write {_JOINED}"),
    ('"Issue ${body.data.title}"', f"nothing is replaced in a text; write {_JOINED}"),
    ("${body.data.title}", "an expression is written without ${ }"),
    ("lower(${body.data.title})", "an expression is written without ${ }"),
    ("body?.data?.title", "it has ?.; a missing field is null anyway; write a dot"),
    ("body.data.labels?[0]", "it has ?[; a missing list is null anyway; leave the ? out"),
    ("body.data.title ?? 'a'", "it has ??; write a || b"),
    ("body.data.title || null", "null is written in backticks, as `null`; a missing field is null"),
    ("body.data.title == None", "null is written in backticks, as `null`, a text is 'None'"),
    ("body.data.done == true", "reads true; true is written in backticks, as `true`;"),
]


@pytest.mark.parametrize(("expression", "way"), _CASES)
def test_way_to_write_it_is_named(tmp_path: Path, expression: str, way: str) -> None:
    assert way in of_field(tmp_path, expression)


@pytest.mark.parametrize(
    "expression",
    [
        "map(&name, body.data.labels)",
        "body.data.labels[?name == 'bug'] | [0].name",
        "body.data.title || `null`",
        "join('', ['Issue ', body.data.title])",
        "sort_by(body.data.labels, &name)[0].name",
    ],
)
def test_valid_expression_is_taken(tmp_path: Path, expression: str) -> None:
    assert "✓ events" in of_field(tmp_path, expression)


def test_path_of_the_webhook_is_not_taken_for_a_text(tmp_path: Path) -> None:
    assert "A literal needs quotes" not in of_field(tmp_path, "headers.Linear-Event")
    assert "A literal needs quotes" in of_field(tmp_path, "linear.issue")


@pytest.mark.parametrize(
    "text", ["not found", "first order", "n/a", "application/json", "5/a", "a = b", "lower"]
)
def test_words_are_not_taken_for_a_form_of_an_expression(tmp_path: Path, text: str) -> None:
    found = of_field(tmp_path, text)

    assert not [
        each
        for each in ("no operator", "has brackets", "after a dot", "at its beginning")
        if each in found
    ]


@pytest.mark.parametrize(
    "expression",
    ["payload.title", "event", "True", "Body.data.title", "env.STAGE", "lower(body.data.title"],
)
def test_no_hint_on_quotes_is_given_for_what_is_no_text(tmp_path: Path, expression: str) -> None:
    found = of_field(tmp_path, expression)

    assert "✗" in found or "Failed" in found
    assert "A literal needs quotes" not in found
    assert "in quotes." not in found


def test_condition_that_is_always_true_is_left_out(tmp_path: Path) -> None:
    found = output(tmp_path, "\"event_type == 'Issue+create'\"", "true")

    assert "leave When out for a route that takes every event" in found
    assert "for events of this type" not in found


@pytest.mark.parametrize(
    ("expression", "way"),
    [
        (
            "headers.'linear-event'",
            'a name after a dot is in double quotes: headers."linear-event"',
        ),
        ("body.data.'assignee'", 'a name after a dot is in double quotes: body.data."assignee"'),
        ("jane@example.com", "a text is in single quotes of its own: \"'jane@example.com'\""),
    ],
)
def test_quotes_of_a_name_and_of_an_address_are_named(
    tmp_path: Path, expression: str, way: str
) -> None:
    assert way in of_field(tmp_path, expression)
