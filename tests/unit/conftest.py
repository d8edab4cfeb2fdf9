"""Unit tests open no sockets."""

import pytest
import pytest_socket


@pytest.fixture(autouse=True)
def _no_sockets() -> None:
    """A test that tries to connect fails; the fixture of the next test opens nothing either."""
    pytest_socket.disable_socket()
