"""The inspector of the local cloud starts on a port that is free."""

import socket
from pathlib import Path

import pytest

from inlet_bridge.local.cloud import Cloud
from inlet_bridge.local.errors import LocalCloudError
from inlet_bridge.local.inspector_process import InspectorProcess


def test_port_that_is_taken_is_named_with_the_option(tmp_path: Path) -> None:
    cloud = Cloud("http://127.0.0.1:1", "key", "secret")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(LocalCloudError, match=f"port {port} of 127.0.0.1") as raised:
            InspectorProcess(tmp_path, cloud, port, tmp_path / "sources.yaml")

    assert "--inspector-port" in raised.value.hint
    assert not (tmp_path / "inspector.log").exists()
