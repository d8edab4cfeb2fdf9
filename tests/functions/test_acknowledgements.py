"""The response to a webhook has a status that ends the provider's retries."""

import pytest

from bridge.verification.facts import FACTS
from tests.support.provider_events import EVENTS
from tests.support.sending_provider import sending_provider

DEMANDING = [name for name, facts in FACTS.items() if facts.retries.ended_by]


def test_providers_that_demand_more_than_2xx_are_tested() -> None:
    assert {"elevenlabs", "mailgun", "plaid", "workos"} <= set(DEMANDING)


@pytest.mark.parametrize("name", DEMANDING)
@pytest.mark.parametrize("delivery", ["inline", "queued"])
def test_accepted_webhook_gets_a_status_that_ends_the_retries(
    name: str, delivery: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether it was forwarded or waits, and when it comes again."""
    source = sending_provider(monkeypatch, name, Delivery=delivery)
    form, at = EVENTS[name], source.clock()

    statuses = {source.send(form.body_of(1), form.headers_of(1), at=at) for _ in range(2)}

    assert statuses <= set(FACTS[name].retries.ended_by)
    assert source.messages + len(source.buffer.kept) > 0
