"""The command that the page of a webhook shows: signed for the local cloud only."""

import shutil
import subprocess
from collections.abc import Iterator
from copy import replace
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from bridge.delivery.delivery import Delivery
from bridge.sources.source import AccessRules, Source
from bridge.verification.declaration import declare_scheme
from bridge.verification.verify import verify
from bridge.webhook import Webhook
from inlet_bridge.inspector.webhook.curl import CurlRequest, curl_command
from inlet_bridge.operations.delivery.repetition import Repetition, repetition_of
from inlet_bridge.senders.providers import SENDERS
from tests.support.receiver_fakes import source_of
from tests.support.recording_server import RecordingServer, recording_server

SECRET = "0123456789abcdef0123456789abcdef"
NOW = datetime.now(UTC)
BODY = '{"a": "caf\u00e9\\n", "b": "\u202e\'$(x)"}\r\n'.encode()


@pytest.fixture
def server() -> Iterator[RecordingServer]:
    with recording_server() as server:
        yield server


def deployed(endpoint: str = "http://127.0.0.1:1") -> Any:
    """A stack whose parameters are secrets of the local cloud."""
    ssm = SimpleNamespace(
        meta=SimpleNamespace(endpoint_url=endpoint),
        get_parameter=lambda **_: {"Parameter": {"Value": SECRET}},
    )
    outputs = {"WebhooksUrl": "https://hooks.example/webhooks/"}
    return SimpleNamespace(ssm=ssm, outputs=outputs, resource=lambda _: "b21d6e00")


def source(provider: str, **changes: Any) -> Source:
    sender = SENDERS[provider]
    return replace(source_of(declare_scheme(provider, sender.scheme, sender.constants)), **changes)


def webhook(body: bytes = BODY) -> Delivery:
    return Delivery("it", "d-1", "id:d-1", "push", "", NOW, NOW, body)


def repeated(configured: Source, endpoint: str = "http://127.0.0.1:1", **given: Any) -> Repetition:
    options = {"is_local": True, **given}
    return repetition_of(deployed(endpoint), configured, webhook(), {}, {}, **options)


@pytest.mark.skipif(not shutil.which("curl"), reason="curl is not installed")
@pytest.mark.parametrize("provider", ["github", "stripe", "shopify"])
def test_local_command_is_accepted_by_the_receiver(provider: str, server: RecordingServer) -> None:
    configured = source(provider)
    sent = repeated(configured, server.url)

    command = curl_command(CurlRequest(sent.url, sent.headers, sent.body, sent.host))
    subprocess.run(["bash", "-c", command], capture_output=True, check=True)  # noqa: S603, S607

    [(method, path, headers, body)] = server.requests
    assert body == BODY
    assert headers["host"].startswith("b21d6e00.execute-api.localhost:")
    assert SECRET not in command
    arrived = Webhook(method, f"https://{headers['host']}{path}", headers, body)
    verify(configured.scheme, arrived, [SECRET], datetime.now(UTC))
    assert sent.signed_at


@pytest.mark.parametrize(
    ("provider", "of_the_id", "of_the_event"),
    [
        ("github", "x-github-delivery", "x-github-event"),
        ("shopify", "x-shopify-webhook-id", "x-shopify-topic"),
    ],
)
def test_headers_name_the_event_and_its_id(
    provider: str, of_the_id: str, of_the_event: str
) -> None:
    sent = repeated(source(provider))

    assert sent.headers[of_the_id] == "d-1"
    assert sent.headers[of_the_event] == "push"


def test_command_for_aws_is_not_signed() -> None:
    sent = repeated(source("github"), is_local=False)

    assert sent.url == "https://hooks.example/webhooks/it"
    assert sent.signed_at is None
    assert not any("signature" in name for name in sent.headers)
    assert any("not signed" in note for note in sent.notes)


@pytest.mark.parametrize(
    "provider", ["basic_auth", "gitlab_token", "mailchimp", "microsoft_graph", "okta"]
)
def test_secret_that_a_provider_sends_is_not_shown(provider: str) -> None:
    sent = repeated(source(provider))

    shown = [sent.url, *sent.headers.values(), sent.body.decode()]
    assert not any(SECRET in text for text in shown)
    assert sent.signed_at is None
    assert any("not signed" in note for note in sent.notes)


def test_path_token_is_left_out() -> None:
    rules = AccessRules(path_tokens=("/inlet-bridge/dev/secrets/token",))
    sent = repeated(source("github", access_rules=rules))

    assert any("path token" in note for note in sent.notes)
    assert SECRET not in sent.url
