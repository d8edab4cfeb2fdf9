"""Tests of templates beside a schema: an error names what is possible, and all that is wrong."""

from typing import Any

import pytest

from bridge.provisioning.schema_comparison import check_template

NAMES = [f"field{letter}" for letter in "nmlkjihgfedcba"]
FIRST = ", ".join(sorted(NAMES)[:12])
SCHEMA: dict[str, Any] = {
    "properties": {
        "web": {"properties": {"url": {}, "name": {}}, "required": ["url"]},
        "lines": {"items": {"properties": {"sku": {}}}},
        "free": {"additionalProperties": {"properties": {"a": {}}}},
        "empty": {"properties": {}},
        "link": {"properties": {"URL": {}, "ID": {}}},
        "many": {"properties": {name: {} for name in NAMES}},
    }
}


def error(template: Any) -> str:
    with pytest.raises(ValueError, match=r".") as caught:
        check_template(SCHEMA, template)
    return str(caught.value)


def test_fields_of_the_schema_fit() -> None:
    check_template(
        SCHEMA,
        {"web": {"url": "a"}, "lines": [{"sku": "b"}], "free": {"x": {"a": "c"}}, "empty": "d"},
    )


@pytest.mark.parametrize(
    ("template", "hint"),
    [
        ({"webb": 1}, "webb: the schema has no such field; is it web?"),
        ({"link": {"Url": 1}}, "link.Url: the schema has no such field; is it URL?"),
        ({"x": 1}, "x: the schema has no such field; there is empty, free, lines, link, many, web"),
        (
            {"lines": [{"sku": 1}, {"price": 1}]},
            "lines.1.price: the schema has no such field; there is sku",
        ),
        ({"empty": {"x": 1}}, "empty.x: the schema has no such field; there is none"),
        (
            {"many": {"x": 1}},
            f"many.x: the schema has no such field; there is {FIRST} and 2 others",
        ),
    ],
)
def test_unknown_field_is_named_with_the_fields_beside_it(template: Any, hint: str) -> None:
    assert error(template) == hint


def test_all_that_is_wrong_is_reported_at_once() -> None:
    template = {"webb": 1, "web": {"name": "a", "x": 1}, "free": {"z": {"b": {"c": 1}}}, "lines": 1}

    assert error(template) == (
        "webb: the schema has no such field; is it web? Also wrong: web.url, web.x, free.z.b"
    )


def test_of_many_faults_the_first_are_named() -> None:
    named = f" Also wrong: {', '.join(f'x{n}' for n in range(1, 13))}"

    assert error({f"x{n}": 1 for n in range(13)}).endswith(named)
    assert error({f"x{n}": 1 for n in range(16)}).endswith(f"{named} and 3 others")
