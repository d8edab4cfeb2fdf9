"""Replays check messages against schemas that are too large for a source document, too."""

from copy import replace
from datetime import UTC, datetime

import pytest

from bridge.delivery.delivery import Delivery
from bridge.errors import UnavailableError
from bridge.sources.source import Source
from inlet_bridge.operations.errors import OperationError
from inlet_bridge.operations.replay.outcomes import Outcome, Tally
from inlet_bridge.operations.replay.routing import Routing
from tests.support import sample_webhooks as samples

NOW = datetime(2026, 11, 29, tzinfo=UTC)
SCHEMA = '{"type": "object", "properties": {"a": {"type": "string", "maxLength": 3}}}'


def source() -> Source:
    source = samples.source()
    flows = {name: replace(flow, checks="it-1") for name, flow in source.flows.items()}
    return replace(source, flows=flows)


def webhook(text: str) -> Delivery:
    body = f'{{"a": "{text}"}}'.encode()
    return Delivery("github", "d-1", "id:d-1", "push", "", NOW, NOW, body)


def test_message_is_checked_with_the_schema_that_is_read() -> None:
    routing = Routing(source(), read_schema={"it-1": SCHEMA}.__getitem__)
    tally = Tally()

    assert len(routing.of(webhook("ok"), tally)) == 1
    assert routing.of(webhook("too long"), tally) == []
    assert tally.outcomes == {Outcome.UNMAPPED: 1}


def test_schema_that_cannot_be_read_is_an_error_with_the_way_out() -> None:
    def missing(reference: str) -> str:
        raise UnavailableError(f"the schema {reference} is not in SSM")

    with pytest.raises(OperationError, match="it-1 is not in SSM") as caught:
        Routing(source(), read_schema=missing).of(webhook("ok"), Tally())

    assert caught.value.hint == "Deploy the source again."
