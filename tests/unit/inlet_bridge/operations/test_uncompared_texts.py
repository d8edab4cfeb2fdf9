"""`--where` with a text that is compared with nothing would select everything."""

import pytest

from inlet_bridge.operations.deployed import Deployed
from inlet_bridge.operations.erasure.body_selection import BodySelection
from inlet_bridge.operations.errors import OperationError
from inlet_bridge.operations.replay.routing import condition
from tests.support import sample_webhooks as samples

_FOUND = "--where has the text 'a@b.example', which is compared with nothing and counts as true"


@pytest.mark.parametrize("where", ["'a@b.example'", "body.email == 'b' || 'a@b.example'"])
def test_text_that_is_compared_with_nothing_is_refused(where: str) -> None:
    with pytest.raises(OperationError) as of_erase:
        BodySelection(Deployed("bridge"), where)
    with pytest.raises(OperationError) as of_replay:
        condition(samples.source(), where)

    way = "Write a comparison, such as {} == 'a@b.example'."
    assert str(of_erase.value) == f"{_FOUND}. {way.format('body.email')}"
    assert str(of_replay.value) == f"{_FOUND}. {way.format('event_type')}"


@pytest.mark.parametrize("where", ["`true`", "body.email == 'a@b.example'", "body.email"])
def test_other_condition_is_taken(where: str) -> None:
    BodySelection(Deployed("bridge"), where)
    condition(samples.source(), where)
