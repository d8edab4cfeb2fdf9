"""The cloud around the forwarder, which never writes a secret or a payload to the log."""

from collections.abc import Iterator

import pytest

from tests.support.delivery_cloud import DeliveryCloud
from tests.support.secret_free_cloud import secret_free_cloud


@pytest.fixture
def cloud(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> Iterator[DeliveryCloud]:
    with secret_free_cloud(monkeypatch, caplog, "CANARY", "Bearer", "Found bug") as cloud:
        yield cloud
