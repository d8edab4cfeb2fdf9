"""The deployment warns of what `Privacy` takes from an expression."""

from typing import Any

import pytest

from bridge.provisioning.sources.declaration import warnings
from tests.support.built_routes import built

ROUTE = {"Flow": "people", "Identity": {"Email": "lower(body.customer.email)"}}


def test_identity_that_privacy_drops_or_masks_is_a_warning() -> None:
    dropped = built(Routes=[ROUTE], Privacy={"Drop": ["customer"]})
    masked = built(Routes=[ROUTE], Privacy={"Mask": ["customer.email"]})

    assert (
        "Routes.0.Identity.Email reads body.customer, which Privacy drops before, so that it has no"
        " value"
    ) in warnings(dropped)
    assert (
        "Routes.0.Identity.Email reads body.customer.email, which Privacy masks: all are the"
        " identity ***"
    ) in warnings(masked)


def of_privacy(**properties: Any) -> list[str]:
    return [text for text in warnings(built(**properties)) if "Privacy" in text]


def test_condition_and_split_are_compared_too() -> None:
    routes = [{"Flow": "people", "When": "body.items[?sku == 'a']"}]
    dropped = {"Drop": ["items", "list"]}

    for properties, said in (
        ({}, "Routes.0.When reads body.items"),
        ({"Split": "body.list"}, "Split reads body.list"),
    ):
        [text] = of_privacy(Routes=routes, Privacy=dropped, **properties)
        assert text == f"{said}, which Privacy drops before, so that it has no value"


@pytest.mark.parametrize("split", ["body.orders", "body.orders[]", "body.orders[?paid]"])
def test_event_of_a_split_webhook_is_a_part_of_the_body(split: str) -> None:
    """`body` of a route is the event then, and a path of Privacy is one of the whole body."""
    whole, own = {"Drop": ["customer.email"]}, {"Drop": ["orders.*.customer"]}

    assert of_privacy(Routes=[ROUTE], Split=split, Privacy=whole) == []
    assert of_privacy(Routes=[ROUTE], Split=split, ItemId="body.customer.id", Privacy=own) == [
        f"{place} reads orders.*.customer of the whole body, which Privacy drops before Split, so"
        " that it has no value"
        for place in ("ItemId", "Routes.0.Identity.Email")
    ]


def test_nothing_is_said_of_events_whose_path_is_not_known() -> None:
    split, privacy = "[body]", {"Drop": ["customer.email"]}

    assert of_privacy(Routes=[ROUTE], Split=split, Privacy=privacy) == []


@pytest.mark.parametrize(
    ("condition", "number"), [("length(body.items)", 0), ("body.items[0].a", 1)]
)
def test_list_without_its_items_still_has_a_value(condition: str, number: int) -> None:
    routes = [{"Flow": "people", "When": condition}]

    assert len(of_privacy(Routes=routes, Privacy={"Drop": ["items.*"]})) == number


def test_other_paths_and_hashes_are_no_warning() -> None:
    privacy = {"Drop": ["customer.phone", "email"], "Hash": ["customer.email"]}

    assert not [text for text in warnings(built(Routes=[ROUTE], Privacy=privacy)) if "Priv" in text]


@pytest.mark.parametrize("value", ["1", "-1.5", "2e3", "true", "null"])
def test_value_that_is_no_expression_is_not_compared(value: str) -> None:
    """CloudFormation sends the number of a Map as a text."""
    route = {"Flow": "people", "Map": {"commerce": {"purchases": {"value": value}}}}

    assert of_privacy(Routes=[route], Privacy={"Drop": ["email"]}) == []


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("items[*].card", "a body with a field named items[*]; if items.*.card is meant, write"),
        ("a.items[0].card", "a body with a field named items[0]; if a.items.0.card is meant"),
        ("$.sender.email", "a body with a field named $; if sender.email is meant"),
        ("body.sender.email", "a body with a field named body; if sender.email is meant"),
        ("headers.x-foo", "is for a field of the body: Privacy changes no headers and no query"),
        ("query.token", "Privacy changes no headers and no query"),
    ],
)
@pytest.mark.parametrize("name", ["Drop", "Mask", "Hash"])
def test_path_in_another_form_is_a_warning(name: str, path: str, reason: str) -> None:
    [text] = of_privacy(Routes=[{"Flow": "people"}], Privacy={name: [path]})

    assert text.startswith(f"Privacy.{name}.0: {path} is for ")
    assert reason in text


@pytest.mark.parametrize("path", ["sender.email", "items.*.card", "items.0.card", "a-b.c[d]", "*"])
def test_path_in_the_form_of_privacy_is_no_warning(path: str) -> None:
    assert of_privacy(Routes=[{"Flow": "people"}], Privacy={"Drop": [path]}) == []
