"""A gate with one source, and its responses."""

from collections.abc import Mapping, Sequence
from copy import replace
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bridge.errors import WebhookRejectedError
from bridge.provisioning.sources.coverage import declared_coverage
from bridge.provisioning.sources.properties import SourceProperties
from bridge.receiving.gate import Gate
from bridge.sources.cache import SourceCache
from bridge.sources.source import Source
from bridge.verification.declaration import Declared
from bridge.verification.provider_response import ProviderResponse
from bridge.webhook import Webhook
from tests.support import sample_webhooks as samples
from tests.support.fakes import FakeClock, FakeParameters
from tests.support.provider_fakes import FakeProviderSites

RECORDS = timedelta(days=8)
_PROPERTIES = SourceProperties.model_validate({"Name": "it", "Connection": "webhooks"})
DOCUMENT = "/inlet-bridge/test/sources/it"
SECRET = "/inlet-bridge/test/secrets/captured/it"


def source_of(declared: Declared, secrets: int = 1, **changes: object) -> Source:
    """A source of this sender with this number of secrets."""
    whole = replace(
        samples.source(),
        name="it",
        provider=declared.provider,
        scheme=declared.scheme,
        delivery_id=declared.delivery_id,
        event_type=declared.event_type,
        sent_at=declared.sent_at,
        timeout_seconds=declared.timeout_seconds,
        handshakes=declared.handshakes,
        acknowledgement=declared.acknowledgement,
        refusal=declared.refusal,
        body_form=declared.body,
        by_content=declared.by_content,
        secrets=tuple(f"{SECRET}{number or ''}" for number in range(secrets)),
    )
    if "coverage" not in changes:
        whole = replace(whole, coverage=declared_coverage(_PROPERTIES, declared))
    return replace(whole, **changes)  # type: ignore[arg-type]  # Names and values of a test.


@dataclass
class GateHarness:
    """A gate and its fake dependencies."""

    source: Source
    secrets: Sequence[str] = ()
    values: Mapping[str, str] = field(default_factory=dict)
    sites: FakeProviderSites = field(default_factory=FakeProviderSites)
    clock: FakeClock = field(default_factory=FakeClock)
    sites_made: int = 0

    def __post_init__(self) -> None:
        """Store the document and the secrets."""
        secrets = dict(zip(self.source.secrets, self.secrets, strict=False))
        values = {DOCUMENT: self.source.to_document(), **secrets, **self.values}
        self.parameters = FakeParameters(values)
        cache = SourceCache(self.parameters, "test", self.clock)
        self.gate = Gate(cache, self._make_sites, self.parameters, RECORDS)

    def _make_sites(self) -> FakeProviderSites:
        self.sites_made += 1
        return self.sites

    def verify(self, webhook: Webhook) -> Source | ProviderResponse:
        """Verify a webhook. Raises as `Gate.verify`."""
        result = self.gate.verify("it", webhook, self.clock())
        return result if isinstance(result, ProviderResponse) else result.configured.source

    def reply(self, webhook: Webhook) -> ProviderResponse:
        """The response to a handshake; a rejection as its status."""
        try:
            result = self.verify(webhook)
        except WebhookRejectedError as exc:
            return ProviderResponse(exc.status.value, {}, "")
        assert isinstance(result, ProviderResponse), "forwarded"
        return result

    def status(self, webhook: Webhook) -> int:
        """Return the status of the response; 0 if the webhook is accepted."""
        try:
            result = self.verify(webhook)
        except WebhookRejectedError as exc:
            return exc.status.value
        return result.status if isinstance(result, ProviderResponse) else 0


def at(moment: datetime) -> FakeClock:
    """A clock that is stopped at a moment."""
    return FakeClock(moment)
