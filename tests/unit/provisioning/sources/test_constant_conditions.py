"""The deployment warns of a text in a condition that is compared with nothing."""

import pytest

from bridge.provisioning.sources.declaration import warnings
from tests.support.built_routes import built

_MAP = {"eventType": "event_type"}


def _of(when: str) -> list[str]:
    routes = [{"Flow": "events", "When": when, "Map": _MAP}]
    return [each for each in warnings(built(Routes=routes)) if "compared with nothing" in each]


@pytest.mark.parametrize(
    ("when", "text"),
    [
        ("'order.paid'", "order.paid"),
        ("event_type == 'order.created' || 'order.paid'", "order.paid"),
        ("body.a && 'order.paid'", "order.paid"),
        ("!'order.paid'", "order.paid"),
        ('(body.a || `"order.paid"`) && body.b', "order.paid"),
        ("'it\\'s paid'", "it\\'s paid"),
    ],
)
def test_text_that_is_a_condition_itself_is_a_warning(when: str, text: str) -> None:
    [warning] = _of(when)

    assert warning.startswith(f"Routes.0.When of source shop has the text '{text}', which is")
    assert warning.endswith(f"counts as true. Write a comparison, such as event_type == '{text}'")


def test_empty_text_counts_as_false() -> None:
    [warning] = _of("''")

    assert "has the text '', which is compared with nothing and counts as false" in warning
    assert warning.endswith("such as event_type == 'order.paid'")


def test_each_text_is_named_once() -> None:
    assert len(_of("event_type == 'a' || 'b' || 'c' || 'b'")) == 2


@pytest.mark.parametrize(
    "when",
    [
        "`true`",
        "body.a",
        "event_type == 'a' || event_type == 'b'",
        "(body.currency || 'EUR') == 'EUR'",
        "contains(['a', 'b'], event_type)",
    ],
)
def test_other_conditions_have_no_such_warning(when: str) -> None:
    assert _of(when) == []
