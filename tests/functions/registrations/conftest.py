"""A cloud whose secrets have the path tokens of registrations."""

from collections.abc import Iterator

import pytest

from tests.support.delivery_cloud import DeliveryCloud, delivery_cloud
from tests.support.registrations import put_path_tokens


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch) -> Iterator[DeliveryCloud]:
    with delivery_cloud(monkeypatch) as cloud:
        put_path_tokens()
        yield cloud
