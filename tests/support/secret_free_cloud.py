"""A cloud whose functions log no secret."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.support.delivery_cloud import DeliveryCloud, delivery_cloud


@contextmanager
def secret_free_cloud(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, *secrets: str
) -> Iterator[DeliveryCloud]:
    """A cloud that asserts in the end that its log contains none of these texts."""
    with delivery_cloud(monkeypatch) as cloud:
        yield cloud
        # The library of moto logs every URL.
        others = [record for record in caplog.records if record.name != "responses"]
        written = cloud.log.getvalue() + " ".join(str(vars(record)) for record in others)
        for secret in (*secrets, cloud.adobe.tenant.client_secret):
            assert secret not in written
