"""What `inlet map` says of expressions that give nothing, because the sample lacks a field."""

from pathlib import Path

import pytest

from tests.support.linear_map import of_field, output

_AT = "! Routes.0.Map._emulated.action gives nothing: "
_THERE = "body.data has identifier, title, assignee, priority, priorityLabel, state, labels"


@pytest.mark.parametrize(
    ("expression", "reason"),
    [
        (
            "body.data.status.name",
            (
                "the sample has no body.data.status; body.data has state, identifier, title,"
                " assignee, priority, priorityLabel, labels"
            ),
        ),
        ("body.data.cycle.number", f"the sample has no body.data.cycle; {_THERE}"),
        ("lower(body.data.cycle)", f"the sample has no body.data.cycle; {_THERE}"),
        ("body.data.cycle || body.team", f"the sample has no body.data.cycle; {_THERE}"),
        ('body.data."due-date"', f'the sample has no body.data."due-date"; {_THERE}'),
        ("body.data.state.name.text", "body.data.state.name is a text, which has no field text"),
        ("body.data.priority.label", "body.data.priority is a number, which has no field label"),
        (
            "body.data.labels.name",
            (
                "body.data.labels is a list; body.data.labels[0].name is of its first item,"
                " body.data.labels[*].name of all"
            ),
        ),
        ("body.data.labels.size", "body.data.labels is a list, which has no field size"),
        (
            'body.data.labels[?name == "bug"].name | [0]',
            (
                "the sample has no body.data.labels[].bug; a text is 'bug'; an item of"
                " body.data.labels has name"
            ),
        ),
        (
            "body.data.labels[*].color",
            "the sample has no body.data.labels[].color; an item of body.data.labels has name",
        ),
    ],
)
def test_missing_field_is_named_with_those_that_there_are(
    tmp_path: Path, expression: str, reason: str
) -> None:
    assert _AT + reason in of_field(tmp_path, expression)


def test_field_of_the_time_and_of_an_identity_are_named(tmp_path: Path) -> None:
    expression = "eventType: \"'linear.issueCreated'\""
    time = output(tmp_path, expression, f"{expression}\n            timestamp: body.createdAt.iso")
    assert "Map.timestamp gives nothing: body.createdAt is a text, which has no field iso" in time
    found = output(tmp_path, "body.data.assignee.email", "body.data.owner.email")
    assert "Routes.0.Identity.Email gives nothing: the sample has no body.data.owner" in found


@pytest.mark.parametrize(
    "expression",
    [
        "body.data.state.name",
        "body.data.cycle || 'none'",
        "default(body.data.cycle, 'none')",
        "body.data.labels[?name == 'feature'].name | [0]",
        "`null`",
        "body.data.labels[7].name",
    ],
)
def test_value_and_condition_without_a_missing_field_get_no_note(
    tmp_path: Path, expression: str
) -> None:
    assert "gives nothing" not in of_field(tmp_path, expression)


def test_close_name_is_asked_once(tmp_path: Path) -> None:
    found = of_field(tmp_path, "body.data.stat.name")

    assert "is it body.data.state?" in found
    assert "gives nothing" not in found


@pytest.mark.parametrize(
    "condition", ["labels[?name == bug]", "labels[?bug == name]", "labels[?name == bug && name]"]
)
def test_text_without_quotes_in_a_filter_is_named(tmp_path: Path, condition: str) -> None:
    found = of_field(tmp_path, f"body.data.{condition}")

    assert "compares body.data.labels[].name with the field bug; a text is 'bug'" in found


@pytest.mark.parametrize("condition", ["labels[?name == 'x']", "labels[?name == name]"])
def test_other_filters_have_no_text_without_quotes(tmp_path: Path, condition: str) -> None:
    assert "with the field" not in of_field(tmp_path, f"body.data.{condition}")
