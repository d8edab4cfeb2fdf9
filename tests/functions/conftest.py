"""The cloud around the handlers; a module that needs another one has a fixture of its own."""

from collections.abc import Iterator

import pytest

from tests.support.delivery_cloud import DeliveryCloud, delivery_cloud


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch) -> Iterator[DeliveryCloud]:
    with delivery_cloud(monkeypatch) as cloud:
        yield cloud
