"""Fixtures of the clients of Experience Platform."""

from collections.abc import Iterator

import pytest
import requests

from adobe_emulator.emulator import Adobe
from adobe_emulator.server import serving
from bridge.adapters.adobe.batches import AdobeBatches
from bridge.adapters.adobe.credentials import AdobeCredentials
from bridge.adapters.adobe.platform import AdobePlatform
from bridge.adapters.http.retry_budget import RetryBudget
from bridge.reconciliation.call_limit import CallLimit
from tests.support.batch_api import BatchApi, batch_api
from tests.support.fakes import FakeTokens

CREDENTIALS = AdobeCredentials("client", "secret", "org@AdobeOrg", "openid", "prod")


@pytest.fixture
def api() -> Iterator[BatchApi]:
    with batch_api() as api:
        yield api


@pytest.fixture
def limit() -> CallLimit:
    limit = CallLimit()
    limit.grant(50)
    return limit


@pytest.fixture
def paused() -> list[float]:
    return []


@pytest.fixture
def batches(api: BatchApi, limit: CallLimit, paused: list[float]) -> AdobeBatches:
    session = requests.Session()
    session.trust_env = False
    platform = AdobePlatform(
        session,
        api.url,
        FakeTokens(),
        lambda: CREDENTIALS,
        RetryBudget(paused.append, jitter=lambda: 1.0),
        before_request=limit.spend,
    )
    return AdobeBatches(platform)


@pytest.fixture
def adobe() -> Iterator[Adobe]:
    with serving() as adobe:
        yield adobe
