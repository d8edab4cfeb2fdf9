"""Fixtures of the provisioner."""

import pytest

from tests.support.provisioning_bench import Bench


@pytest.fixture
def bench() -> Bench:
    return Bench()
