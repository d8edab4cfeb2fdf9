"""The cloud around the provisioner."""

from collections.abc import Iterator

import pytest

from tests.support.provisioner_cloud import Cloud, provisioner_cloud


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch) -> Iterator[Cloud]:
    with provisioner_cloud(monkeypatch) as cloud:
        yield cloud
