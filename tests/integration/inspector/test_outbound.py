"""Pages connect to nothing but AWS, whose calls moto answers without a socket."""

import socket
from contextlib import suppress
from pathlib import Path

import pytest

from tests.support.inspecting import opened
from tests.support.inspector_data import InspectedData
from tests.support.inspector_pages import PAGES
from tests.support.moto_deployment import deployed_bridge
from tests.support.socket_watch import connections


def test_no_page_opens_a_connection(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with deployed_bridge(monkeypatch) as bridge:
        data = InspectedData(bridge)
        data.all_states()
        client = opened(tmp_path, stack="", actions_allowed=True)
        with connections() as found:
            for shown in PAGES.values():
                client.get(shown.path(data))

    assert found == []


def test_connections_are_seen(refusing_port: int) -> None:
    with connections() as found, suppress(OSError):
        socket.create_connection(("127.0.0.1", refusing_port))

    assert f"('127.0.0.1', {refusing_port})" in found
