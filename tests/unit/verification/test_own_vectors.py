"""Regression tests: one recorded webhook of every provider.

`vectors.jsonl` was written with `inlet_bridge.senders`; add a line for each provider.
"""

import json
from copy import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from bridge.errors import InvalidSignatureError
from bridge.verification.catalogue import PRESETS
from bridge.verification.declaration import declare_scheme
from bridge.verification.verify import verify
from bridge.webhook import Webhook
from tests.support.provider_fakes import FakePublishedKeys

LINES = (Path(__file__).parent / "vectors.jsonl").read_text(encoding="utf-8").splitlines()
VECTORS: dict[str, dict[str, Any]] = {v["provider"]: v for v in map(json.loads, LINES)}
WITHOUT = {"salesforce_outbound": "it proves nothing, so there is nothing to be wrong"}

every_vector = pytest.mark.parametrize("vector", VECTORS.values(), ids=VECTORS)


def test_every_preset_has_a_vector_or_a_reason() -> None:
    assert VECTORS.keys() | WITHOUT.keys() == PRESETS.keys()
    assert not VECTORS.keys() & WITHOUT.keys()
    assert all(WITHOUT.values())


def is_genuine(vector: dict[str, Any], **changes: Any) -> bool:
    webhook = Webhook(vector["method"], vector["url"], vector["headers"], vector["body"].encode())
    pages = {url: text.encode() for url, text in vector["published"].items()}
    network = FakePublishedKeys(pages, vector["authorities"].encode())
    scheme = declare_scheme(vector["provider"], vector["scheme"], vector["constants"]).scheme
    now = datetime.fromisoformat(vector["now"])
    try:
        verify(scheme, replace(webhook, **changes), vector["secrets"], now, network)
    except InvalidSignatureError:
        return False
    return True


@every_vector
def test_recorded_webhooks_are_still_accepted(vector: dict[str, Any]) -> None:
    assert is_genuine(vector)


@every_vector
def test_recorded_webhooks_with_changes_are_rejected(vector: dict[str, Any]) -> None:
    url = vector["url"].partition("?")[0]

    assert not is_genuine(vector, headers={}, body=b"{}", url=url)
