"""One deployment for all tests that need no fresh one."""

from collections.abc import Iterator

import pytest

from tests.support.deployment import Deployment, deployed


@pytest.fixture(scope="session")
def deployment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    """Whoever changes it puts it back."""
    with deployed(tmp_path_factory.mktemp("deployment")) as deployment:
        yield deployment
