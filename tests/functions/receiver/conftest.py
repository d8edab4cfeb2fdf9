"""The cloud around the receiver, which never writes a secret to the log."""

from collections.abc import Iterator

import pytest

from tests.support.delivery_cloud import DeliveryCloud
from tests.support.secret_free_cloud import secret_free_cloud


@pytest.fixture
def cloud(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> Iterator[DeliveryCloud]:
    with secret_free_cloud(monkeypatch, caplog, "CANARY", "Bearer", "sha256=") as cloud:
        yield cloud
