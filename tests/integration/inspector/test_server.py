"""The server's own limits, and what becomes of bugs."""

import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests
from starlette.testclient import TestClient

from inlet_bridge.inspector.pages import stacks
from tests.support.hostile_text import HOSTILE, forged_lines, unsafe
from tests.support.inspecting import opened
from tests.support.served_inspector import Served, served


@pytest.fixture
def inspector(tmp_path: Path) -> Iterator[Served]:
    with served(tmp_path) as inspector:
        yield inspector


def answer(inspector: Served, head: bytes) -> bytes:
    """The response to the raw head of a request; empty if the connection is closed without one."""
    url = urlsplit(inspector.url)
    with socket.create_connection((url.hostname, url.port)) as connection:
        try:
            connection.sendall(head)
            connection.shutdown(socket.SHUT_WR)
            return b"".join(iter(lambda: connection.recv(65_536), b""))
        except ConnectionError:
            return b""


def test_headers_are_bounded(inspector: Served) -> None:
    endless = b"GET / HTTP/1.1\r\nHost: x\r\n" + b"X: y\r\n" * 1_000_000

    assert answer(inspector, endless)[:12] in {b"", b"HTTP/1.1 400"}


def test_request_without_a_host_reaches_no_page(inspector: Served) -> None:
    assert answer(inspector, b"GET / HTTP/1.0\r\n\r\n").startswith(b"HTTP/1.1 421 ")


def test_foreign_requests_print_nothing(
    inspector: Served, capfd: pytest.CaptureFixture[str]
) -> None:
    upgrade = {"connection": "upgrade", "upgrade": "websocket"}

    found = requests.get(inspector.url, headers=upgrade, timeout=60, allow_redirects=False)
    assert found.status_code == 303
    answer(inspector, b"\x1b[2J\r\n\r\n")
    assert capfd.readouterr() == ("", "")


def failing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the first page fail with a text of a sender."""

    def fail(_: object) -> None:
        raise RuntimeError(HOSTILE)

    monkeypatch.setattr(stacks, "bridge_stacks", fail)


def test_page_of_a_bug_says_no_more_than_its_kind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing(monkeypatch)
    client = opened(tmp_path, stack="")
    client = TestClient(
        client.app, str(client.base_url), raise_server_exceptions=False, cookies=client.cookies
    )

    response = client.get("/")

    assert response.status_code == 500
    assert "An unforeseen RuntimeError." in response.text
    assert "evil.example" not in response.text
    assert "default-src 'none'" in response.headers["content-security-policy"]
    assert response.headers["cache-control"] == "no-store"


def test_traceback_of_a_bug_is_printed_safely(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    failing(monkeypatch)
    with served(tmp_path, stack="") as inspector, requests.Session() as session:
        assert session.get(inspector.url, timeout=60).status_code == 500

    printed = capfd.readouterr().err
    assert "RuntimeError" in printed
    assert unsafe(printed) == set()
    assert forged_lines(printed) == []
