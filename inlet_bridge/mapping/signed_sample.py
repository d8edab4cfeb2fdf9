"""Sign a sample as its provider does, and verify it as the receiver does."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bridge.errors import WebhookRejectedError
from bridge.sources.source import Source
from bridge.verification.verify import needs_secrets, verify
from bridge.webhook import Webhook
from inlet_bridge.senders.providers import SENDERS
from inlet_bridge.senders.sender import Sending

_URL: Final = "https://hooks.example.com/webhooks/"


@dataclass(frozen=True, slots=True)
class Sample:
    """A sample as it arrives.

    Attributes:
        headers: names in lower case.
        signature: how it is signed, for the operator; empty if it is not.
    """

    headers: Mapping[str, str]
    body: bytes
    signature: str = ""


def signed_sample(
    source: Source, provider: str, secret: str, sample: Sample, now: datetime
) -> Sample:
    """Sign a sample with a secret if its provider shares one, or else with a test key.

    Providers whose keys are published, or that need constants, cannot be simulated; their samples
    stay unsigned.

    Args:
        source: of the sample.
        provider: the preset.
        secret: as `bridge.verification.stored_secrets.stored_secret` returns it; may be empty.
        sample: unsigned.
        now: aware time of sending.
    """
    sender = SENDERS.get(provider)
    if sender is None or not needs_secrets(source.scheme):
        return sample
    key = sender.new_secret()
    pairs = [("the secret", secret, secret)] if secret else []
    for what, signing, stored in (*pairs, ("a test key", key, sender.stored(key))):
        try:
            url = f"{_URL}{source.name}"
            sending = Sending(sample.body, signing, now, url, headers=sample.headers)
            request = sender.request(sending)
            sent = {name.lower(): value for name, value in request.headers.items()}
            webhook = Webhook("POST", request.url, sent, request.body)
            verify(source.scheme, webhook, [stored], now)
        except (ValueError, WebhookRejectedError):
            continue  # Such as a spelling of the key that only the receiver reads.
        return Sample(webhook.headers, webhook.body, f"signed with {what}, and accepted")
    return sample
