"""What `inlet map` says of an event that no route selects."""

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
    ],
)
def test_reason_is_stated_where_it_can_be_told(tmp_path: Path, when: str, hint: str) -> None:
    output = _output(tmp_path, when)

    assert hint in output
    assert "1 event is filtered" in output


@pytest.mark.parametrize("when", ["body.id == `7`", "body.nothing == 'a'", "lower(source) == 'a'"])
def test_other_conditions_get_no_hint(tmp_path: Path, when: str) -> None:
    output = _output(tmp_path, when)

    assert "When has" not in output
    assert "Routes.0.When" not in output
    assert "1 event is filtered" in output
