"""Tests of templates."""

import json
from typing import Any

import pytest

from bridge.errors import MappingError
from bridge.messages.templates import compile_template
from tests.support.expression_context import CONTEXT


def build(template: object) -> Any:
    return compile_template(json.dumps(template)).build(CONTEXT)


def test_texts_are_expressions_and_everything_else_is_itself() -> None:
    """At any depth."""
    template = {
        "eventType": "'commerce.purchases'",
        "commerce": {"order": {"priceTotal": "money(body.total, body.currency)"}},
        "count": 1,
        "flag": True,
        "list": ["body.items[0].sku", None, 2.5],
    }

    assert build(template) == {
        "eventType": "commerce.purchases",
        "commerce": {"order": {"priceTotal": 19.99}},
        "count": 1,
        "flag": True,
        "list": ["a", None, 2.5],
    }


def test_scalars_that_cloudformation_made_texts_of_are_scalars() -> None:
    """It does so with every number and boolean of a custom resource's properties."""
    assert build(["1", "-2.5", "1e3", "true", "false", "null"]) == [
        1,
        -2.5,
        1000,
        True,
        False,
        None,
    ]


def test_whole_template_can_be_one_expression() -> None:
    assert build("body.items[0]") == {"sku": "a", "price": 5}


def test_bad_expression_names_its_place() -> None:
    with pytest.raises(ValueError, match=r"^commerce\.order\.lines\.1: reads bodi;"):
        compile_template('{"commerce": {"order": {"lines": ["body.a", "bodi.b"]}}}')


def test_failing_expression_names_its_place() -> None:
    with pytest.raises(MappingError, match=r"^a\.b: date\(\) cannot convert"):
        build({"a": {"b": "date(body.currency)"}})


def test_template_knows_its_headers() -> None:
    template = compile_template('{"a": "headers.host", "b": [{"c": "headers.\\"x-topic\\""}]}')

    assert template.headers == {"host", "x-topic"}
