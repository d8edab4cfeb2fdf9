"""A receiver with one source of any provider, and everything around it in memory."""

import json
from copy import replace
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bridge.errors import WebhookRejectedError
from bridge.receiving.receiver import Receipt, Receiver
from bridge.sources.route import Route, RouteTarget
from bridge.sources.source import Source
from bridge.webhook import Webhook
from tests.support import sample_webhooks as samples
from tests.support.delivery_fakes import FakeDeliveries
from tests.support.faked_receiver import faked_receiver
from tests.support.fakes import (
    FakeBuffer,
    FakeClock,
    FakeInlet,
    FakeParameters,
    taken,
)
from tests.support.provider_fakes import FakeProviderSites
from tests.support.receiver_fakes import source_of
from tests.support.signing_senders import NOW, Case

MAP = {"body": "body", "type": "event_type", "id": "delivery_id"}
"""Everything that a message can be made of, but for headers."""


@dataclass
class Bench:
    """What a source makes of webhooks."""

    receiver: Receiver
    parameters: FakeParameters
    deliveries: FakeDeliveries
    inlet: FakeInlet
    buffer: FakeBuffer
    source: Source
    clock: FakeClock

    def receive(self, webhook: Webhook, name: str = "it") -> int:
        """The status that the sender sees."""
        try:
            answer = self.receiver.receive(name, webhook)
        except WebhookRejectedError as exc:
            return exc.status.value
        return 200 if isinstance(answer, Receipt) else answer.status

    def made(self, webhook: Webhook) -> tuple[frozenset[str], list[Any]]:
        """The keys and the messages that a webhook leaves behind."""
        self.receive(webhook)
        sent = [json.loads(content) for _, _, content in self.inlet.requests]
        messages = [each["body"]["xdmEntity"] for each in sent]
        return frozenset(key for _, key in self.deliveries.records), messages


def bench(case: Case, now: datetime = NOW, **changes: object) -> Bench:
    """A source as the provisioner writes it down, read back from its document."""
    stored = case.sender.stored(case.secret)
    route = Route((RouteTarget("events", json.dumps(MAP)),))
    settled = replace(samples.flow(now), behavior="time-series")
    source = replace(
        source_of(case.declared, 1 if stored else 0, **changes),
        routes=(route,),
        flows={"events": settled},
    )
    values = {"/inlet-bridge/test/sources/it": source.to_document()}
    values |= dict.fromkeys(source.secrets, stored)
    clock, published = FakeClock(now), case.published()
    parameters, deliveries = FakeParameters(values), FakeDeliveries(clock)
    inlet, buffer = FakeInlet([taken()] * 10), FakeBuffer()
    sites = FakeProviderSites(published.pages, published.trusted)
    receiver = faked_receiver(
        parameters, clock, inlet, sites=lambda: sites, buffer=buffer, deliveries=deliveries
    )
    return Bench(receiver, parameters, deliveries, inlet, buffer, source, clock)
