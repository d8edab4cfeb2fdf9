"""A cloud with a source of events."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.support.delivery_cloud import DeliveryCloud, delivery_cloud

QUEUE = "arn:aws:sqs:eu-central-1:123456789012:inlet-bridge-dev-Events-1A2B3C4D5E6F"


@contextmanager
def uploads_cloud(monkeypatch: pytest.MonkeyPatch) -> Iterator[DeliveryCloud]:
    """A cloud with a source `uploads` that accepts events."""
    with delivery_cloud(monkeypatch) as cloud:
        cloud.put_source_of_queue(QUEUE, "uploads")
        source = {"Name": "uploads", "Verification": "iam", "Connection": "orders"}
        assert cloud.provisioned.ask(action="apply", source=source)["ok"]
        yield cloud
