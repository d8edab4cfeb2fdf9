"""One source of a provider behind the receiver's handler, and the provider's requests over time.

The source is built from template properties; AWS, Adobe and the clock are in memory.
"""

import base64
from collections.abc import Mapping
from copy import replace
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, Literal, cast
from urllib.parse import quote, urlsplit

import pytest

from bridge.provisioning.sources.builder import build_source
from bridge.provisioning.sources.declaration import declared_sender
from bridge.provisioning.sources.properties import source_properties
from bridge.sources.source import Source
from bridge.verification.fact_kinds import RegistrationCheck
from bridge.verification.facts import FACTS
from functions.receiver import handler
from inlet_bridge.senders.sender import Request, Sending
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
from tests.support.provider_events import EVENTS
from tests.support.provider_fakes import FakeProviderSites
from tests.support.provider_retries import changed_body
from tests.support.provisioner_cloud import Context
from tests.support.signing_senders import CASES, NOW, UNVERIFIED, URL, Case

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

type Behavior = Literal["time-series", "record"]

SECRET = "/inlet-bridge/test/secrets/captured/it"
PATH_TOKEN = "/inlet-bridge/test/secrets/path"
TOKEN = "a-path-token-of-the-test"
EVENTS_ONLY: Final[Mapping[str, Behavior]] = {"events": "time-series"}
WHOLE = {"Flow": "events", "Map": {"body": "body", "id": "delivery_id"}}


@dataclass
class SendingProvider:
    """A source, and what its provider sends.

    Attributes:
        sends_as_given: bodies are not put into an envelope of the provider, such as a batch.
    """

    case: Case
    source: Source
    parameters: FakeParameters
    sites: FakeProviderSites
    inlet: FakeInlet
    buffer: FakeBuffer
    deliveries: FakeDeliveries
    clock: FakeClock
    requests: int = 0
    sends_as_given: bool = False

    @property
    def secret(self) -> str:
        """The secret with which the provider signs; some choose it themselves."""
        captured = self.parameters.values.get(SECRET, "") if self.captures else ""
        return captured or self.case.secret

    @property
    def captures(self) -> bool:
        """Whether the secret arrives in a request."""
        return any(each.capture for each in self.source.handshakes)

    @property
    def messages(self) -> int:
        """How many messages reached the inlet."""
        return len(self.inlet.requests)

    def event(self, number: int, *, attempt: int = 0, first: datetime | None = None) -> int:
        """Send an event; the status of the response.

        Args:
            number: of the event.
            attempt: 0 is the first.
            first: when the first attempt was made; by default now.
        """
        form = EVENTS[self.case.name]
        changes = FACTS[self.case.name].retries.changes if attempt else ()
        body, headers = form.body_of(number), form.headers_of(number)
        for change in changes:
            kind, _, name = change.partition(":")
            if kind == "json":
                body = changed_body(body, name.split("."), attempt)
            elif kind == "header":
                headers[name] = f"attempt-{attempt}"
        signed_at = self.clock() if "timestamp" in changes or first is None else first
        return self.send(body, headers, at=signed_at, delivery_id=f"msg_{number}")

    def send(
        self,
        body: bytes,
        headers: Mapping[str, str],
        *,
        at: datetime | None = None,
        secret: str = "",
        delivery_id: str = "msg_1",
        method: str = "POST",
    ) -> int:
        """Send a signed body; the status of the response."""
        sending = Sending(body, secret or self.secret, at or self.clock(), self.url, delivery_id)
        request = self.case.sender.request(sending)
        if self.sends_as_given:
            request = replace(request, body=body)
        return self.pass_on(request, headers, method)

    def pass_on(self, request: Request, headers: Mapping[str, str], method: str = "POST") -> int:
        """Send a request with further headers; the status of the response."""
        return int(self._send(method, request, headers)["statusCode"])

    def check(self, check: RegistrationCheck) -> dict[str, Any]:
        """The response to a check of the URL."""
        query = check.query.replace("{secret}", quote(self.secret))
        url = self.url + (f"?{query}" if query else "")
        request = Request(url, {}, check.body.replace("{secret}", self.secret).encode())
        if check.signed or check.published_key:
            key = check.published_key or self.secret
            sending = Sending(request.body, key, self.clock(), url)
            request = self.case.sender.request(sending)
        return self._send(check.method, request, check.headers)

    @property
    def url(self) -> str:
        """The source's URL."""
        return URL.partition("?")[0] + (f"/{TOKEN}" if self.source.access_rules.path_tokens else "")

    def _send(self, method: str, request: Request, headers: Mapping[str, str]) -> dict[str, Any]:
        self.requests += 1
        parts = urlsplit(request.url)
        token = TOKEN if parts.path.endswith(TOKEN) else ""
        return handler.lambda_handler(
            {
                "rawPath": parts.path,
                "rawQueryString": parts.query,
                "headers": {
                    **request.headers,
                    **headers,
                    "x-amzn-trace-id": f"Root=1-{self.requests:08x}",
                },
                "requestContext": {"domainName": parts.hostname, "http": {"method": method}},
                "pathParameters": {"source": "it"} | ({"token": token} if token else {}),
                "body": base64.b64encode(request.body).decode(),
                "isBase64Encoded": True,
            },
            cast("LambdaContext", Context(19, function_name="receiver")),
        )


def sending_provider(
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    flows: Mapping[str, Behavior] = EVENTS_ONLY,
    /,
    **properties: object,
) -> SendingProvider:
    """A source of a provider; properties are added to those that every source needs.

    Args:
        monkeypatch: replaces the receiver of the handler.
        name: of the preset.
        flows: of the connection. A flow's name is its dataset's id.
        properties: of the source.
    """
    case = CASES[name]
    captures = any(each.capture for each in case.declared.handshakes)
    stored = case.sender.stored(case.secret)
    given: dict[str, object] = {
        "Name": "it",
        "Connection": "webhooks",
        "Routes": [WHOLE],
        "Provider": name,
        **({"Verification": "none"} if name == UNVERIFIED else {}),
        **({"Scheme": dict(case.sender.scheme)} if case.sender.scheme else {}),
        **({"Constants": dict(case.sender.constants)} if case.sender.constants else {}),
        **({"Secrets": [SECRET]} if stored else {}),
        **({"Registration": "pending", "PathTokens": [PATH_TOKEN]} if captures else {}),
        **properties,
    }
    source = _source(given, flows, NOW + timedelta(hours=1) if captures else None)
    clock, published = FakeClock(NOW), case.published()
    parameters = FakeParameters({"/inlet-bridge/test/sources/it": source.to_document()})
    if captures:
        parameters.values[PATH_TOKEN] = TOKEN
    elif stored:
        parameters.values[SECRET] = stored
    sites = FakeProviderSites(published.pages, published.trusted)
    inlet, buffer, deliveries = FakeInlet([taken()] * 50), FakeBuffer(), FakeDeliveries(clock)
    receiver = faked_receiver(
        parameters, clock, inlet, sites=lambda: sites, buffer=buffer, deliveries=deliveries
    )
    monkeypatch.setattr(handler, "receiver", lambda: receiver)
    return SendingProvider(case, source, parameters, sites, inlet, buffer, deliveries, clock)


def rotate(of: SendingProvider) -> None:
    """Give the source a second secret, the newer one, as during a rotation."""
    newer = f"{SECRET}-newer"
    of.parameters.values[newer] = of.case.sender.stored(of.case.other_secret)
    rotated = replace(of.source, secrets=(newer, *of.source.secrets), registration_until=None)
    of.parameters.values["/inlet-bridge/test/sources/it"] = rotated.to_document()
    of.clock.advance(3_600)  # Longer than the receiver keeps a source.


def _source(
    given: dict[str, object], named: Mapping[str, Behavior], until: datetime | None
) -> Source:
    properties = source_properties(given, "test")
    flows = {
        name: replace(samples.flow(NOW), dataset_id=name, behavior=behavior)
        for name, behavior in named.items()
    }
    built = build_source(properties, declared_sender(properties), samples.connection(), flows, {})
    settled = replace(built, flows=flows, registration_until=until)
    return Source.from_document(settled.to_document())
