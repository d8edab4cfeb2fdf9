"""Fields and the Map are inferred from samples."""

from typing import Any

import jmespath
import pytest

from bridge.provisioning.chain.custom_fields import require_fields
from inlet_bridge.schemas.inference import infer


def test_types_are_those_that_fit_all_samples() -> None:
    first = {"a": 1, "b": 1, "c": "2026-11-28T10:00:00Z", "d": "2026-11-28", "e": None, "f": True}
    second = {"a": 2, "b": 1.5, "c": "soon", "d": "2026-11-29", "e": "x", "g": 2**60}
    inferred = infer([first, second])

    assert inferred.fields == {
        "a": "integer",
        "b": "number",
        "c": "string",
        "d": "date",
        "e": "string",
        "f": "boolean",
        "g": "number",
    }
    assert inferred.omitted == ()


def test_map_has_the_paths_of_the_samples() -> None:
    body = {
        "at": "2026-11-28T10:00:00+0100",
        "customer": {"e-mail": "a@b.c", "_name": "Mika", "2fa": True},
        "tags": ["a"],
        "times": ["2026-11-28T10:00:00Z"],
        "items": [{"sku": "a", "price": {"amount": 1}}, {"at": "2026-11-28T10:00:00Z"}],
    }
    inferred = infer([body])

    assert inferred.fields == {
        "at": "date-time",
        "customer": {"e_mail": "string", "name": "string", "n2fa": "boolean"},
        "tags": ["string"],
        "times": ["date-time"],
        "items": [{"sku": "string", "price": {"amount": "integer"}, "at": "date-time"}],
    }
    assert inferred.map == {
        "at": "date(body.at)",
        "customer": {
            "e_mail": 'body.customer."e-mail"',
            "name": "body.customer._name",
            "n2fa": 'body.customer."2fa"',
        },
        "tags": "body.tags",
        "times": "body.times[*].date(@)",
        "items": "body.items[*].{sku: sku, price: {amount: price.amount}, at: date(at)}",
    }
    require_fields(inferred.fields)


def test_what_has_no_one_type_is_named() -> None:
    body: dict[str, Any] = {"a": {}, "b": [], "c": [1, "x"], "d": None, "f": [[1]], "g": "x"}
    inferred = infer([{**body, "e": 1}, {**body, "e": "x"}])

    assert inferred.fields == {"g": "string"}
    assert dict(inferred.omitted) == {
        "a": "is empty in all samples",
        "b": "is empty in all samples",
        "c": "has items that are integer and string",
        "d": "is null in all samples",
        "e": "is integer and string",
        "f": "has items that are list",
    }


def test_names_that_differ_in_capitals_or_signs_stay_apart() -> None:
    inferred = infer([{"id": 1, "ID": 2, "i-d": 3, "": 4, "ß": 5}])

    require_fields(inferred.fields)
    assert len(inferred.fields) == 5


def test_only_some_parts_are_taken() -> None:
    body = {"order": {"id": "1", "customer": {"name": "a", "mail": "b"}}, "other": 1}
    inferred = infer([body], ("order.customer",))

    assert inferred.fields == {"order": {"customer": {"name": "string", "mail": "string"}}}


@pytest.mark.parametrize("wrap", [lambda inner: {"a": inner}, lambda inner: {"a": [inner]}])
def test_deep_bodies_end_at_the_deepest_level_of_fields(wrap: Any) -> None:
    body: Any = {"x": 1}
    for _ in range(300):
        body = wrap(body)
    inferred = infer([body, {"y": 1}])

    require_fields(inferred.fields)
    assert inferred.fields == {"y": "integer"}
    assert [reason for _, reason in inferred.omitted]


@pytest.mark.parametrize(
    "key", ["new\nline", "tab\t", 'a"b', "back\\slash", "Zürich", "\u2028", "`a`"]
)
def test_expression_of_any_key_reads_its_value(key: str) -> None:
    inferred = infer([{key: "x"}])

    [expression] = inferred.map.values()
    assert jmespath.search(expression, {"body": {key: "x"}}) == "x"


@pytest.mark.parametrize(
    "text", ["2026-02-30T10:00:00Z", "2026-01-01T25:00:00Z", "2026-13-45", "2026-02-30"]
)
def test_time_that_does_not_exist_is_a_text(text: str) -> None:
    """The Map could not convert it, and Adobe would reject it."""
    inferred = infer([{"at": text}])

    assert inferred.fields == {"at": "string"}
    assert inferred.map == {"at": "body.at"}


def test_objects_of_a_list_without_a_field_are_not_named_as_empty() -> None:
    inferred = infer([{"a": [{"x": 1}, {"x": "b"}]}])

    assert inferred.omitted == (("a.x", "is integer and string"),)


def test_part_of_the_objects_of_a_list_is_selected() -> None:
    inferred = infer([{"items": [{"sku": "a", "note": "b"}]}], ("items.sku",))

    assert inferred.fields == {"items": [{"sku": "string"}]}
    assert inferred.map == {"items": "body.items[*].{sku: sku}"}
