"""One source of a preset behind the receiver's handler, with fake ports."""

import base64
from collections.abc import Mapping, Sequence
from copy import replace
from dataclasses import dataclass, field
from typing import Any, cast

import pytest

from bridge.receiving.receiver import Receiver
from bridge.sources.source import Source
from bridge.verification.declaration import Declared
from bridge.webhook import Webhook
from functions.receiver import handler
from tests.support import sample_webhooks as samples
from tests.support.faked_receiver import faked_receiver
from tests.support.fakes import (
    FakeClock,
    FakeInlet,
    FakeParameters,
    taken,
)
from tests.support.provider_fakes import FakeProviderSites, FakePublishedKeys
from tests.support.provisioner_cloud import Context
from tests.support.receiver_fakes import DOCUMENT, source_of
from tests.support.signing_senders import CASES, NOW


@dataclass(frozen=True)
class HandledResponse:
    """The response to a sender."""

    status: int
    headers: Mapping[str, str]
    body: str


@dataclass
class HandledSource:
    """A source whose webhooks the handler receives."""

    source: Source
    receiver: Receiver
    parameters: FakeParameters
    inlet: FakeInlet
    clock: FakeClock
    monkeypatch: pytest.MonkeyPatch = field(repr=False)

    def send(self, webhook: Webhook, name: str = "it") -> HandledResponse:
        """Invoke the handler with the event of API Gateway for this webhook."""
        self.monkeypatch.setattr(handler, "receiver", lambda: self.receiver)
        self.monkeypatch.setattr(handler, "refusal_form", self.receiver.refusal_form)
        answer = handler.lambda_handler(
            _event(webhook, name), cast("Any", Context(15, function_name="receiver"))
        )
        return HandledResponse(answer["statusCode"], answer["headers"], answer["body"])


def handled(
    declared: Declared,
    secrets: Sequence[str],
    monkeypatch: pytest.MonkeyPatch,
    published: FakePublishedKeys | None = None,
    **changes: Any,
) -> HandledSource:
    """A source of a sender, read back from its document."""
    source = source_of(declared, len(secrets), **changes)
    source = replace(source, flows={"events": samples.flow(NOW)})
    values = {DOCUMENT: source.to_document(), **dict(zip(source.secrets, secrets, strict=True))}
    parameters, clock, inlet = FakeParameters(values), FakeClock(NOW), FakeInlet([taken()] * 9)
    pages = published or FakePublishedKeys({})
    sites = FakeProviderSites(pages.pages, pages.trusted)
    receiver = faked_receiver(parameters, clock, inlet, sites=lambda: sites)
    return HandledSource(source, receiver, parameters, inlet, clock, monkeypatch)


def handled_preset(
    name: str, monkeypatch: pytest.MonkeyPatch, *secrets: str, **changes: Any
) -> HandledSource:
    """A source of a preset; without secrets it has that of `CASES`."""
    case = CASES[name]
    stored = [text for text in (secrets or (case.sender.stored(case.secret),)) if text]
    return handled(case.declared, stored, monkeypatch, case.published(), **changes)


def _event(webhook: Webhook, name: str) -> dict[str, Any]:
    host, _, path = webhook.url.removeprefix("https://").partition("/")
    path, _, query = path.partition("?")
    return {
        "requestContext": {"http": {"method": webhook.method}, "domainName": host},
        "rawPath": f"/{path}",
        "rawQueryString": query,
        "pathParameters": {"source": name},
        "headers": dict(webhook.headers),
        "body": base64.b64encode(webhook.body).decode(),
        "isBase64Encoded": True,
    }
