"""One deployment for all tests that do not need their own."""

from collections.abc import Iterator

import pytest

from tests.support.deployment import Deployment, deployed


@pytest.fixture(scope="session")
def deployment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    """Return the shared deployment; tests restore what they change."""
    with deployed(tmp_path_factory.mktemp("deployment")) as deployment:
        yield deployment
