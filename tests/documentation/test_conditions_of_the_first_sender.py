"""The conditions of the page about the first sender take the events that the page says."""

import re

import pytest

from bridge.messages.expressions import compile_expression
from tests.support.expression_context import CONTEXT
from tests.support.sam_template import ROOT

_PAGE = " ".join((ROOT / "docs" / "first-sender.md").read_text().split())
_CONDITIONS = re.findall(r'`When: "([^`"]+)"`', _PAGE)
_TYPES = ("Issue+create", "Issue+update", "Issue+remove", "Comment+create", "Project+create")
_TAKEN = (
    ["Issue+create", "Issue+update"],
    ["Issue+create", "Issue+update", "Issue+remove"],
    ["Issue+create", "Comment+create"],
)


@pytest.mark.parametrize(
    ("condition", "taken"),
    list(zip(_CONDITIONS, _TAKEN, strict=True)),
)
def test_condition_takes_the_events_of_the_page(condition: str, taken: list[str]) -> None:
    compiled = compile_expression(condition)
    assert [each for each in _TYPES if compiled.value({**CONTEXT, "event_type": each})] == taken
