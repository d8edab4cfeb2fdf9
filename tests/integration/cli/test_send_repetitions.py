"""`inlet send` of a webhook that the local cloud has received before."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from bridge.delivery.record import State
from inlet_bridge.cli import send, sent_outcome
from inlet_bridge.local.single_sender import Target
from inlet_bridge.operations.records.table import DeliveryRecord
from inlet_bridge.senders.providers import SENDERS
from tests.support.receiver_fakes import source_of
from tests.support.sent_webhooks import declared, receiver, run

BEFORE = datetime(2025, 1, 2, 3, 4, 5, 678, tzinfo=UTC)
REPEATS = "! It repeats the delivery of 2025-01-02 03:04:05+00:00, which has the same ID"


def sent(
    monkeypatch: pytest.MonkeyPatch, provider: str, received_at: datetime, **properties: Any
) -> str:
    """What is said of a webhook whose ID has a record of this time."""
    source = source_of(declared(provider))._replace(**properties)
    secret = SENDERS[provider].new_secret()
    with receiver(provider, secret) as (url, _):
        target = Target(url, "", "", secret, "it", configured=source)
        found = SimpleNamespace(target=lambda *_: target)
        monkeypatch.setattr(send, "running_cloud", lambda: None)
        monkeypatch.setattr(send, "SingleSender", lambda _: found)
        record = DeliveryRecord("it", "x", State.DELIVERED, received_at, {})
        monkeypatch.setattr(sent_outcome, "local_record", lambda *_: record)
        status, said = run("send", provider)
    assert status == 0, said
    return " ".join(said.split())


@pytest.mark.parametrize(
    ("provider", "changed"),
    [
        ("typeform", "change event_id in the body."),
        ("paddle", "change notification_id or event_id in the body."),
        ("github", "change its ID (header:x-github-delivery)."),
    ],
)
def test_repetition_is_said_with_what_makes_it_another_delivery(
    monkeypatch: pytest.MonkeyPatch, provider: str, changed: str
) -> None:
    said = sent(monkeypatch, provider, BEFORE)

    assert f"{REPEATS}: the bridge sent nothing. To send it as another one, {changed}" in said


def test_id_of_the_content_is_changed_with_the_body(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "change the body." in sent(monkeypatch, "typeform", BEFORE, delivery_id=())


def test_first_delivery_is_no_repetition(monkeypatch: pytest.MonkeyPatch) -> None:
    later = datetime.now(UTC) + timedelta(hours=1)

    assert "repeats" not in sent(monkeypatch, "typeform", later)


@pytest.mark.parametrize("properties", [{"by_content": True}, {"content_seconds": 3600}])
def test_source_that_recognizes_content_has_no_record_by_id(
    monkeypatch: pytest.MonkeyPatch, properties: dict[str, Any]
) -> None:
    assert "repeats" not in sent(monkeypatch, "typeform", BEFORE, **properties)
