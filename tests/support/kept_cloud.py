"""A cloud whose source keeps bodies."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.support.delivery_cloud import DeliveryCloud, delivery_cloud
from tests.support.webhook_events import signed

DAYS = 7
MARK = "CANARY-OF-THE-BODY"


def webhook(name: str, document: Any = None, **given: Any) -> dict[str, Any]:
    body = json.dumps({"by": MARK, "items": [1, 2]} if document is None else document)
    return signed("github-signed", headers={"x-github-delivery": name}, body=body.encode(), **given)


@contextmanager
def kept_cloud(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> Iterator[DeliveryCloud]:
    """A cloud whose source keeps bodies; its log has nothing of a body."""
    with delivery_cloud(monkeypatch) as cloud:
        cloud.configure("github", KeepBodies=str(DAYS))
        yield cloud
        written = cloud.log.getvalue() + " ".join(
            str(vars(record)) for record in caplog.records if record.name != "responses"
        )
        assert MARK not in written
