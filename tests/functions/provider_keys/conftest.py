"""A cloud whose receiver fetches public keys from sites of providers that the test controls."""

from collections.abc import Iterator

import pytest

from tests.support.delivery_cloud import DeliveryCloud
from tests.support.provider_key_sites import Sites, cloud_with_keys, pretended_sites


@pytest.fixture
def sites(monkeypatch: pytest.MonkeyPatch) -> Sites:
    return pretended_sites(monkeypatch)


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch, sites: Sites) -> Iterator[DeliveryCloud]:
    with cloud_with_keys(monkeypatch, sites) as cloud:
        yield cloud
