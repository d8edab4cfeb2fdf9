"""Ports of the local cloud on which somebody else listens."""

import socket

import pytest

from inlet_bridge.local.errors import LocalCloudError
from inlet_bridge.local.workspace import reserved_port


def test_port_in_use_is_an_error_that_names_the_options() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = other.getsockname()[1]
        with (
            pytest.raises(LocalCloudError, match=f"port {taken} ") as caught,
            reserved_port(taken),
        ):
            pass

    assert "inlet up --port 0 --adobe-port 0 --inspector-port 0" in caught.value.hint
