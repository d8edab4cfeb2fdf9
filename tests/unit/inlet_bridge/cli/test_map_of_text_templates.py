"""What `inlet map` says of texts with placeholders of other languages."""

from pathlib import Path

import pytest

from tests.support.linear_map import of_field

_TITLE = "write join('', ['Issue ', body.data.title])"


@pytest.mark.parametrize(
    ("expression", "way"),
    [
        ("`Issue ${body.data.title}`", f"nothing is replaced; backticks hold JSON: {_TITLE}"),
        ("'Issue ${body.data.title}'", f"in which nothing is replaced: {_TITLE}"),
        ("'Issue {{ body.data.title }}'", f"in which nothing is replaced: {_TITLE}"),
        ("body.none || 'Issue ${body.data.title}'", _TITLE),
        ("'${body.data.title}'", "write body.data.title"),
        (
            "`it's ${body.data.title}`",
            "write join('', ['it\\'s ', body.data.title])",
        ),
        (
            "'${body.type}: ${body.data.title}!'",
            "write join('', [body.type, ': ', body.data.title, '!'])",
        ),
    ],
)
def test_text_with_a_placeholder_is_written_with_join(
    tmp_path: Path, expression: str, way: str
) -> None:
    assert "! Routes.0.Map._emulated.action has a text in which nothing is replaced" in (
        output := of_field(tmp_path, expression)
    )
    assert way in output


@pytest.mark.parametrize(
    "expression",
    [
        "'Issue ${title}'",  # No name of a webhook.
        "'a {body.data.title}'",  # Such as a template of a URL.
        "'5 $ {x}'",
        "join('', ['Issue ', body.data.title])",
        '`{"a": 1}`',
    ],
)
def test_other_texts_are_not_noted(tmp_path: Path, expression: str) -> None:
    assert "nothing is replaced" not in of_field(tmp_path, expression)
