"""What `inlet map` says of texts without quotes of their own, and of signs of other languages."""

from pathlib import Path

import pytest

from tests.support.linear_map import of_field, output

_ACTION = "action: body.data.state.name"
_OF_ITS_OWN = "a text of several words is in single quotes of its own: "
_WHEN = "\"event_type == 'Issue+create'\""
_MAP = """Map:
            eventType: "'linear.issueCreated'"
"""


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("Linear Issue Created", "'Linear Issue Created'"),
        ("New issue", "'New issue'"),
        ("'New issue'", "'New issue'"),
        ('"New issue"', "'New issue'"),
        ("it's done", "'it\\\\'s done'"),
        ("Sign-up done!", "'Sign-up done!'"),
        ("in progress", "'in progress'"),
    ],
)
def test_words_are_quoted_as_a_text(tmp_path: Path, written: str, text: str) -> None:
    found = output(tmp_path, _ACTION, f"action: {written}")

    assert f'{_OF_ITS_OWN}"{text}"' in found
    assert "is missing before" not in found
    taken = output(tmp_path, _ACTION, f'action: "{text}"')
    assert f'"action": "{text[1:-1].replace("\\\\", "")}"' in taken


@pytest.mark.parametrize("text", ["event_type created", "payload title", "body.a b", "a, b", "a -"])
def test_other_expressions_are_not_taken_for_words(tmp_path: Path, text: str) -> None:
    assert "of its own" not in of_field(tmp_path, text)


def test_operator_between_words_is_named_too(tmp_path: Path) -> None:
    found = of_field(tmp_path, "Search and replace")

    assert "and is no operator; write &&, or \"'Search and replace'\" for a text" in found


@pytest.mark.parametrize(
    ("sign", "own"),
    [
        *(("!==", "!="), ("===", "=="), ("=!", "!="), ("<>", "!=")),
        *(("=<", "<="), ("!>", "<="), ("!<", ">="), ("=>", ">=")),
    ],
)
def test_comparison_is_written_with_the_same_meaning(tmp_path: Path, sign: str, own: str) -> None:
    found = of_field(tmp_path, f"body.data.priority {sign} `2`")

    assert f"it has {sign}; write {own}" in found
    assert "✓ events" in of_field(tmp_path, f"body.data.priority {own} `2`")


def test_sign_within_a_text_is_no_comparison(tmp_path: Path) -> None:
    assert "it has <>" not in of_field(tmp_path, "body.data.title = 'a <> b'")


@pytest.mark.parametrize(
    ("expression", "way"),
    [
        (r"body.data.\"state.name\"", r'it has \"; write " without the backslash'),
        (r"\'open\'", r"it has \'; write ' without the backslash"),
        (r"body.data.a\.b", 'a name with a dot needs double quotes, as in body."a.b"'),
        (r"body.data.a\b", r'a name with a backslash needs double quotes, as in body."a\\b"'),
        ("{'0': 1, '1': 2}[body.data.priority]", "no look-up tables; write condition && a || b"),
        ("['a', 'b'][body.data.priority]", "no look-up tables; write condition && a || b"),
        ("body.data.labels[body.data.priority]", "a number, * or ?condition, and no path"),
        ("substring(body.data.title, 0, 5)", "no function substring(); no function cuts a text"),
        ("body.data.title.substring(0, 5)", "no function substring(); no function cuts a text"),
    ],
)
def test_reason_is_the_one_that_helps(tmp_path: Path, expression: str, way: str) -> None:
    assert way in of_field(tmp_path, expression)


def test_quote_that_is_not_closed_hides_what_follows(tmp_path: Path) -> None:
    assert "no function" not in of_field(tmp_path, "body.data.title == 'it's call(1)'")


@pytest.mark.parametrize("block", ["|", "|-", ">", ">-"])
def test_sign_that_makes_a_text_of_a_map_is_removed(tmp_path: Path, block: str) -> None:
    found = output(tmp_path, _MAP, _MAP.replace("Map:", f"Map: {block}"))

    assert f"Routes.0.Map: is a text, since {block} follows its name" in found
    assert f"Remove the {block}, so that the lines below it are read." in found


@pytest.mark.parametrize("text", ["New: issue", "body.data.title)"])
def test_other_text_after_the_sign_is_no_map(tmp_path: Path, text: str) -> None:
    found = output(tmp_path, _ACTION + ", number: body.data.priority}", "action: body.a}")
    assert "✓ events" in found
    new = f"eventType: |\n              {text}"
    found = output(tmp_path, "eventType: \"'linear.issueCreated'\"", new)

    assert "is not a JMESPath expression" in found
    assert "Remove the |" not in found


def test_schema_needs_a_flow_and_a_file(tmp_path: Path) -> None:
    found = output(tmp_path, _ACTION, _ACTION, "--schema", "issue.json")

    assert "--schema: must be FLOW=FILE, such as events=schema.json" in found


def test_transform_beside_other_fields_is_named(tmp_path: Path) -> None:
    new = f"{_MAP}            Fn::Transform: {{Name: X}}\n"

    assert "Fn::Transform cannot be resolved before the deployment" in output(tmp_path, _MAP, new)


@pytest.mark.parametrize(
    ("value", "closing"), [("{'0': a, '1': b}[body.data.priority]", "}"), ("[a, b][0]", "]")]
)
def test_nothing_follows_a_value_in_brackets(tmp_path: Path, value: str, closing: str) -> None:
    found = output(tmp_path, "producedBy: \"'system'\"", f"producedBy: {value}")

    assert f"nothing may follow the {closing} that ends a value" in found
    assert f'or put the whole value in quotes: producedBy: "{value}"' in found
    assert "indentation" not in found


@pytest.mark.parametrize("operator", ["&& 'a'", "|| 'a'"])
def test_negation_of_the_beginning_of_a_path_is_named(tmp_path: Path, operator: str) -> None:
    way = "! negates the beginning of the path alone, and gives null; write !(body.data.a)"

    assert f"Map._emulated.action: {way}" in of_field(tmp_path, f"!body.data.a {operator}")
    assert "negates" not in of_field(tmp_path, f"!(body.data.a) {operator}")


@pytest.mark.parametrize(
    ("text", "way"),
    [
        ("linear-created", '"\'linear-created\'"; a field is body."linear-created"'),
        ("linear/created", "\"'linear/created'\"; it is read as"),
        ("linear:created", "\"'linear:created'\"; it is read as"),
        ("issue.linear-created", "\"'issue.linear-created'\"; it is read as"),
        ("event-created", "\"'event-created'\"; a field is body"),
        (
            "linear: created",
            "a text of several words is in single quotes of its own: \"'linear: cre",
        ),
    ],
)
def test_text_without_quotes_of_its_own_is_named(tmp_path: Path, text: str, way: str) -> None:
    found = of_field(tmp_path, text)

    assert "single quotes of its own: \"'" in found
    assert way in found


@pytest.mark.parametrize("text", ["total/100", "body.a-b", "event.a-b", "headers.x-a", "a - b"])
def test_other_expressions_with_a_hyphen_or_slash_are_no_texts(tmp_path: Path, text: str) -> None:
    assert "of its own" not in of_field(tmp_path, text)


@pytest.mark.parametrize("text", ["linear/created", "linear:created", "linear+created"])
def test_quotes_that_yaml_removes_are_named(tmp_path: Path, text: str) -> None:
    found = output(tmp_path, "action: body.data.state.name", f"action: '{text}'")

    assert "YAML removes the quotes. A literal needs quotes of its own" in found
