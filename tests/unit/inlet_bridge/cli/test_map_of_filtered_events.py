"""What `inlet map` says of an event that no route selects."""

import json
from pathlib import Path

import pytest

from tests.support.map_runs import SHOPIFY, TEMPLATE, run

_WHEN = "event_type == 'orders/create'"


def _output(tmp_path: Path, when: str) -> str:
    template = tmp_path / "sources.yaml"
    template.write_text(TEMPLATE.replace(_WHEN, when).replace("MAPPED", "body.id"))
    result = run("shop", SHOPIFY, "--file", template)
    assert result.exit_code == 0, result.output
    return " ".join(result.output.split())


@pytest.mark.parametrize(
    ("when", "hint"),
    [
        ("event_type == 'Orders/create'", "event_type is orders/create; When has 'Orders/create'"),
        ("'order.create' == event_type", "event_type is orders/create; When has 'order.create'"),
        (
            "event_type == 'orders/create' && event_type == 'orders/paid'",
            "Routes.0.When: event_type cannot be both 'orders/create' and 'orders/paid'; write ||",
        ),
        (
            "body.total_price == `199`",
            "compares body.total_price, which is a text in the sample, with `199`, a number",
        ),
        (
            "event_type == 'orders/create' && body.id == '7'",
            "Routes.0.When compares body.id, which is a number in the sample, with '7', a text",
        ),
        ("starts_with(event_type, 'order.')", "event_type is orders/create; When has 'order.'"),
        ("ends_with(event_type, 'created')", "event_type is orders/create; When has 'created'"),
        ("contains(event_type, 'Orders')", "event_type is orders/create; When has 'Orders'"),
        ("contains(['orders.create'], event_type)", "orders/create; When has 'orders.create'"),
        ("starts_with(body.currency, 'cad')", "body.currency is 'CAD'; When has 'cad'"),
        ("!body.currency.code", "! negates the beginning of the path alone, and gives null; write"),
        ("!body.currency.code", "write !(body.currency.code)"),
        ("event_type && !body.lines[0]", "and gives null; write !( ) around the whole path"),
        ("body.id == `7`", "Routes.0.When: body.id is `820982911946154508`; When has `7`"),
        ("body.nothing == 'a'", "Routes.0.When: the sample has no body.nothing; body has "),
        ("body.currency.code == 'a'", "When: body.currency is a text, which has no field code"),
        ("body.currency == 'usd'", "Routes.0.When: body.currency is 'CAD'; When has 'usd'"),
        (
            "body.currency == 'usd' || body.currency == 'eur' && body.id == `7`",
            "Routes.0.When: body.currency is 'CAD'; When has 'usd', 'eur'",
        ),
        (
            "event_type == 'orders/create' && 'usd' == body.currency",
            "Routes.0.When: body.currency is 'CAD'; When has 'usd'",
        ),
    ],
)
def test_reason_is_stated_where_it_can_be_told(tmp_path: Path, when: str, hint: str) -> None:
    output = _output(tmp_path, when)

    assert hint in output
    assert "1 event is filtered" in output


@pytest.mark.parametrize(
    "when", ["lower(source) == 'a'", "body.currency != 'CAD'", "!body", "!(body.id)"]
)
def test_other_conditions_get_no_hint(tmp_path: Path, when: str) -> None:
    output = _output(tmp_path, when)

    assert "When has" not in output
    assert "Routes.0.When" not in output
    assert "negates" not in output
    assert "1 event is filtered" in output


def test_condition_for_another_type_is_explained_by_its_type_alone(tmp_path: Path) -> None:
    output = _output(tmp_path, "event_type == 'orders/paid' && body.currency == 'usd'")

    assert "event_type is orders/create; When has 'orders/paid'" in output
    assert "body.currency" not in output


def test_condition_that_selects_another_event_of_the_webhook_is_not_explained(
    tmp_path: Path,
) -> None:
    template = tmp_path / "sources.yaml"
    when = _WHEN, "body.kind == 'paid'"
    text = TEMPLATE.replace(*when).replace("MAPPED", "body.id")
    template.write_text(text.replace("      Routes:", "      Split: body.orders\n      Routes:"))
    sample = tmp_path / "orders.json"
    for kinds, is_explained in ((["paid", "open"], False), (["open", "open"], True)):
        sample.write_text(json.dumps({"orders": [{"kind": each, "id": 1} for each in kinds]}))
        output = run("shop", sample, "--file", template, "--event-type", "o").output
        assert ("body.kind is 'open'; When has 'paid'" in output) is is_explained


@pytest.mark.parametrize(
    "test", ["starts_with(event_type, 'orders/')", "contains(['orders/create'], event_type)"]
)
def test_test_that_holds_is_not_named(tmp_path: Path, test: str) -> None:
    output = _output(tmp_path, f"{test} && body.currency == 'usd'")

    assert "event_type is" not in output
    assert "Routes.0.When: body.currency is 'CAD'; When has 'usd'" in output
