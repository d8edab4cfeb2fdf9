"""What `inlet map` says of conditions whose form makes them false, or no expressions."""

from pathlib import Path

import pytest

from tests.support.linear_map import output

_WHEN = "\"event_type == 'Issue+create'\""
_LABELS = "contains(body.data.labels[*].name, 'bug')"


def _of_condition(folder: Path, condition: str) -> str:
    return output(folder, _WHEN, '"' + condition.replace('"', '\\"') + '"')


@pytest.mark.parametrize(
    ("condition", "way"),
    [
        (
            "event_type == ['Issue+create', 'Issue+update']",
            "event_type is a text, and equals no list; write contains(['Issue+create', 'Issue+upd",
        ),
        ('`["Issue+create"]` == event_type', "write contains(['Issue+create'], event_type)"),
        ("event_type == 'Issue*'", "no patterns; write starts_with(event_type, 'Issue')"),
        ("body.url == 'https://%'", "no patterns; write starts_with(body.url, 'https://')"),
        ("body.data.labels == 'bug'", f"body.data.labels is a list; write {_LABELS}"),
        ("contains(body.data.labels, 'bug')", f"is a list of objects; write {_LABELS}"),
        ("contains('Issue', event_type)", "the text comes first, as in contains(event_type, 'Is"),
        (
            "body.type == 'Issu' | body.action == 'create'",
            "| passes a value on to what follows; write || for one or the other",
        ),
        ("starts_with('Issue', event_type)", "first, as in starts_with(event_type, 'Issue')"),
        ("ends_with('create', event_type)", "text comes first, as in ends_with(event_type, 'cre"),
        ("lower(event_type) == 'Issue+create'", "no capital letters; write 'issue+create'"),
        ("contains(['Issue+create'], lower(event_type))", "no capital letters; write 'issue+cre"),
        ("starts_with(upper(event_type), 'Issue')", "upper() gives no small letters; write 'ISSUE"),
        ("body.createdAt > '2027-01-01'", "is false: body.createdAt is '2026-03-14T09:20:04.000Z'"),
        (
            "`1` > body.data.priority",
            "`1` > body.data.priority is false: body.data.priority is `2`",
        ),
        ("event_type == 'Issue+create' && body.data.priority < `2`", "< `2` is false: body.data.p"),
        (
            "type(body.data.priority) == 'integer'",
            "type(body.data.priority) is 'number'; there is array, boolean, null, number, obj",
        ),
        ("body.data.x", "the sample has no body.data.x; body.data has identifier"),
        ("body.type == 'a' || body.url == 'https://*'", "starts_with(body.url, 'https://')"),
        ("event_type == Issue+create", "a text is written in single quotes, as in 'Issue+create'"),
        ("event_type: Issue+create", "compare with ==, as in event_type == 'Issue+create'"),
        ("event-type == 'Issue+create'", "is it event_type?"),
        ("event_type <> 'a'", "it has <>; write !="),
        ("if event_type == 'a'", "a condition is written without if"),
        ("event_type == 'a', 'b'", "write [a, b] for a list, and a || b for one of several"),
        ("event_type & body.url", "& does not belong here; conditions are joined by && or ||"),
        ("2026-11-30", "a date is a text in quotes, as in date('2026-11-30')"),
    ],
)
def test_way_to_write_it_is_named(tmp_path: Path, condition: str, way: str) -> None:
    found = _of_condition(tmp_path, condition)

    assert way in found
    assert "✓ events" not in found


@pytest.mark.parametrize(
    "condition",
    [
        "contains(['Issue+create'], event_type)",
        "starts_with(event_type, 'Issue')",
        "contains(event_type, 'Issue')",
        _LABELS,
        "body.data.labels | [0].name == 'bug'",
        "event_type != 'a'",
        "lower(event_type) == 'issue+create'",
        "contains(['Issue+create', 'issue+create'], lower(event_type))",
        "starts_with(upper(event_type), 'ISSUE')",
        "body.createdAt > '2026-01-01'",
    ],
)
def test_named_condition_is_true(tmp_path: Path, condition: str) -> None:
    found = _of_condition(tmp_path, condition)

    assert "✓ events" in found
    assert "Routes.0.When" not in found


@pytest.mark.parametrize(
    "condition",
    [
        "event_type == 'Issue' && body.data.priority > `5`",
        "contains(['Issue', 'issue'], lower(event_type))",
        "contains(`[]`, lower(event_type))",
        "event_type == 'Issue'",
        "!(body.data)",
        "body.type == 'a*'",
        "contains(body.type, 'a')",
    ],
)
def test_condition_that_is_false_for_its_values_is_not_blamed(
    tmp_path: Path, condition: str
) -> None:
    found = _of_condition(tmp_path, condition)

    assert "1 event is filtered" in found
    assert "patterns" not in found
    assert "; write" not in found
