"""A browser, and a deployed bridge on moto, for all tests of a module."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.support.chromium import launched
from tests.support.inspector_data import InspectedData
from tests.support.moto_deployment import Bridge, deployed_bridge
from tests.support.waiting import MAX_SECONDS

expect.set_options(timeout=MAX_SECONDS * 1_000)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with launched() as browser:
        yield browser


@pytest.fixture(scope="module")
def bridge(browser: Browser) -> Iterator[Bridge]:
    """After the browser, without which nothing needs to be deployed."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("AWS_REGION", "eu-central-1")
        environment.setenv("AWS_DEFAULT_REGION", "eu-central-1")
        with deployed_bridge(environment) as bridge:
            yield bridge


@pytest.fixture(scope="module")
def data(bridge: Bridge) -> InspectedData:
    data = InspectedData(bridge)
    data.all_states()
    return data
