"""The sites from which sources fetch the keys of their providers."""

import base64
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import boto3
import pytest

from bridge.adapters.http import provider_sites
from bridge.adapters.http.public_https import Page, PublicHttps
from inlet_bridge.senders.keys import AUTHORITY_NAME, authority, certificate, new_rsa
from inlet_bridge.senders.private_keys import CERTIFICATE_URL
from inlet_bridge.senders.providers import SENDERS
from inlet_bridge.senders.sender import Sending
from tests.support.delivery_cloud import DeliveryCloud, delivery_cloud
from tests.support.webhook_events import event

SNS = "aws_sns_v2"
AMAZONS = new_rsa()
FORGERS = new_rsa()
PEM = certificate(AMAZONS, "sns.amazonaws.com", (AUTHORITY_NAME, authority()))
PEM_OF_OTHERS = certificate(FORGERS, "sns.amazonaws.com", (AUTHORITY_NAME, authority()))


@dataclass
class Sites:
    """The responses of the providers' sites, and the requests that were made."""

    pages: dict[str, Callable[[], Page]] = field(default_factory=dict)
    otherwise: Callable[[], Page] = lambda: Page(404, b"")
    asked: list[str] = field(default_factory=list)

    def request(self, url: str, _posted: bytes, _seconds: float) -> Page:
        self.asked.append(url)
        return self.pages.get(url, self.otherwise)()

    def publish(self, url: str, content: bytes | str) -> None:
        text = content.encode() if isinstance(content, str) else content
        self.pages[url] = lambda: Page(200, text)

    def publish_keys(self, name: str, key: str) -> None:
        """Return the document in which a sender publishes its public key."""
        published = SENDERS[name].published
        assert published
        for url, content in published(key).items():
            self.publish(url, content)


def webhook(
    name: str, key: str, body: bytes = b'{"id":"evt_1"}', client: str = "198.51.100.1"
) -> dict[str, Any]:
    """Return a request of this sender as API Gateway passes it."""
    source = name.replace("_", "-")
    url = f"https://a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com/webhooks/{source}"
    request = SENDERS[name].request(Sending(body, key, datetime.now(UTC), url))
    made = event("github-signed")
    made["rawPath"] = f"/webhooks/{source}"
    made["requestContext"]["http"] |= {"path": made["rawPath"], "sourceIp": client}
    made["pathParameters"] = {"source": source}
    made["headers"] = dict(request.headers)
    made |= {"body": base64.b64encode(request.body).decode(), "isBase64Encoded": True}
    return made


def naming(url: str, key: str = FORGERS, client: str = "198.51.100.1") -> dict[str, Any]:
    """Return an SNS message whose certificate has this URL, which SNS does not sign."""
    made = webhook(SNS, key, client=client)
    document = json.loads(base64.b64decode(made["body"]))
    document["SigningCertURL"] = url
    return made | {"body": base64.b64encode(json.dumps(document).encode()).decode()}


def pretended_sites(monkeypatch: pytest.MonkeyPatch) -> Sites:
    pretended = Sites()
    monkeypatch.setattr(
        PublicHttps, "request", lambda _, url, posted, s: pretended.request(url, posted, s)
    )
    trusted = certificate(authority(), AUTHORITY_NAME).encode()
    monkeypatch.setattr(provider_sites, "_authorities", lambda: trusted)
    pretended.publish(CERTIFICATE_URL, PEM)
    return pretended


@contextmanager
def cloud_with_keys(monkeypatch: pytest.MonkeyPatch, sites: Sites) -> Iterator[DeliveryCloud]:
    """A cloud with a source for each preset of these tests."""
    assert sites.asked == []
    with delivery_cloud(monkeypatch) as cloud:
        secret = "/inlet-bridge/dev/secrets/plaid"
        boto3.client("ssm").put_parameter(Name=secret, Value="s-1", Type="SecureString")
        for name in (SNS, "google_pubsub", "plaid"):
            answer = cloud.provisioned.send(
                "source-create",
                Name=name.replace("_", "-"),
                Provider=name,
                Secrets=[secret] if name == "plaid" else [],
                Constants=dict(SENDERS[name].constants),
            )
            assert answer["Status"] == "SUCCESS", answer["Reason"]
        cloud.restart()
        yield cloud
