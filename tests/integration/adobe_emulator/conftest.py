"""A running emulated Adobe, and a client for it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import requests

from adobe_emulator.clock import Clock
from adobe_emulator.emulator import Adobe
from adobe_emulator.server import serving
from adobe_emulator.settings import Behavior
from tests.support.adobe_client import Chain, Client
from tests.support.lake_client import LakeClient

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def served() -> Iterator[Adobe]:
    """One server for the tests of a module."""
    behavior = Behavior(settle=timedelta(minutes=5), page_size=3)
    with serving(behavior, clock=Clock(lambda: NOW)) as adobe:
        yield adobe


@pytest.fixture
def adobe(served: Adobe) -> Adobe:
    """Adobe as on its first day, at a moment that stands still until it is moved."""
    served.reset()
    return served


@pytest.fixture
def client(adobe: Adobe) -> Iterator[Client]:
    """A client that knows the credentials."""
    with requests.Session() as session:
        yield Client(adobe, session)


@pytest.fixture
def chain(client: Client) -> Chain:
    made = client.chain()
    client.adobe.settle()
    return made


@pytest.fixture
def lake(client: Client) -> LakeClient:
    return LakeClient(client)
