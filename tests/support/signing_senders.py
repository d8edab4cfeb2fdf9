"""Test cases for the senders of `inlet_bridge.senders`, with fixed secrets."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache

from bridge.errors import InvalidSignatureError
from bridge.verification.declaration import Declared, declare_scheme
from bridge.verification.verify import verify
from bridge.webhook import Webhook
from inlet_bridge.senders.keys import (
    AUTHORITY_NAME,
    authority,
    certificate,
    new_ed25519,
    new_p256,
    new_rsa,
)
from inlet_bridge.senders.providers import SENDERS
from inlet_bridge.senders.sender import Sender, Sending, b64, mac, milliseconds, rfc3339, seconds
from tests.support.provider_fakes import FakePublishedKeys

__all__ = [
    "BODY",
    "CASES",
    "NOW",
    "URL",
    "Case",
    "b64",
    "mac",
    "milliseconds",
    "rfc3339",
    "seconds",
]

NOW = datetime(2026, 1, 1, 12, 30, tzinfo=UTC)
URL = "https://hooks.example.com/prod/webhooks/it?b=2&a=%C3%AB"
BODY = '{"id":"evt_1","type":"order.paid","name":"Zoë 🎉","total":1.50}'.encode()
UNVERIFIED = "salesforce_outbound"
URL_SIGNED = [
    "contentful",
    "hubspot_v2",
    "hubspot_v3",
    "mandrill",
    "square",
    "trello",
    "twilio_form",
    "twilio_json",
    "twilio_sharedkey",
]

_KEYS: dict[Callable[[], str], tuple[str, str]] = {
    make: (make(), make()) for make in (new_ed25519, new_p256, new_rsa)
}
_SECRETS = {
    "adyen_header": ("0a" * 32, "0b" * 32),
    "adyen_payments": ("0a" * 32, "0b" * 32),
    "basic_auth": ("user:pass:wörd", "user:old"),
    "vonage": (
        "a signature secret of more than 32 bytes: Zoë",
        "another signature secret, 32 bytes",
    ),
    "fusionauth": ("a signing key of more than 32 bytes: Zoë", "another key of more than 32 bytes"),
    UNVERIFIED: ("", ""),
} | {
    name: (f"whsec_{b64(b'k' * 24)}", f"whsec_{b64(b'o' * 24)}")
    for name in ("gitlab_signing_token", "openai", "standard_webhooks", "svix")
}
_SECRETS["supabase"] = (f"v1,whsec_{b64(b'k' * 24)}", f"v1,whsec_{b64(b'o' * 24)}")
_HEADER_SECRETS = (
    "bearer_api_key",
    "cloudevents",
    "gitlab_token",
    "google_push",
    "marketo",
    "okta",
)


@dataclass(frozen=True)
class Case:
    """One provider with its secret and a former one."""

    name: str
    sender: Sender
    secret: str
    other_secret: str

    @property
    def declared(self) -> Declared:
        """The declaration of a source of this provider."""
        return _declared(self.name)

    def send(
        self, secret: str = "", at: datetime = NOW, body: bytes = BODY, url: str = URL
    ) -> Webhook:
        """A signed request."""
        request = self.sender.request(Sending(body, secret or self.secret, at, url))
        return Webhook("POST", request.url, request.headers, request.body)

    def signature_headers(self) -> list[str]:
        """Headers of the signature, and those that the scheme requires."""
        required = getattr(self.declared.scheme, "require", ())
        names = [each.partition("=")[0] for each in required if each.startswith("header:")]
        return [
            *self.sender.sign(Sending(BODY, self.secret, NOW, URL)),
            *(name.removeprefix("header:") for name in names),
        ]

    def published(self, secret: str = "") -> FakePublishedKeys:
        """Published keys that belong to a secret."""
        return FakePublishedKeys(dict(_pages(self.name, secret or self.secret)), _trusted())

    def accepts(self, webhook: Webhook, secrets: Sequence[str] = (), now: datetime = NOW) -> bool:
        """Whether a source with these secrets accepts the webhook."""
        secrets = secrets or [self.secret]
        stored = [self.sender.stored(secret) for secret in secrets]
        try:
            verify(self.declared.scheme, webhook, stored, now, self.published(secrets[0]))
        except InvalidSignatureError:
            return False
        return True


@cache
def _pages(name: str, secret: str) -> Mapping[str, bytes]:
    published = SENDERS[name].published
    return published(secret) if published else {}


@cache
def _trusted() -> bytes:
    return certificate(authority(), AUTHORITY_NAME).encode()


@cache
def _declared(name: str) -> Declared:
    sender = SENDERS[name]
    return declare_scheme(name, sender.scheme, sender.constants, unverified=name == UNVERIFIED)


def _case(name: str, sender: Sender) -> Case:
    ascii_only = ("tok-9c1f", "tok-old")
    default = ascii_only if name in _HEADER_SECRETS else ("9c1f2b7e-Zoë", "a-former-secret")
    secret, other = _SECRETS.get(name) or _KEYS.get(sender.new_secret) or default
    return Case(name, sender, secret, other)


CASES = {name: _case(name, sender) for name, sender in sorted(SENDERS.items())}
