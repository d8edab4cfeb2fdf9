"""The command that a page shows sends the very bytes, whatever they are."""

import random
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from inlet_bridge.inspector.webhook.curl import MOST_BODY_BYTES, CurlRequest, curl_command
from inlet_bridge.plain_text import plain
from tests.support.hostile_text import HOSTILE
from tests.support.recording_server import RecordingServer, recording_server

SHELLS = [shell for shell in ("bash", "sh", "dash", "zsh") if shutil.which(shell)]
NOISE = random.Random(7).randbytes(20_000)  # noqa: S311
BODIES = {
    "empty": b"",
    "json": b'{"a":"caf\xc3\xa9"}',
    "lines": b'{\r\n\t"a": 1\n}\n\n',
    "quotes": b"""'";$(touch owned)`touch owned`\\'"!!%s%%%n\\n\\045$HOME {a,b} *""",
    "option": b"--help",
    "file": b"@/etc/hostname",
    "nul": b"\x00a\x000\x001\x0012",
    "every byte": bytes(range(256)) + bytes(range(255, -1, -1)),
    "hostile": HOSTILE.encode(),
    "noise": NOISE,
    "not utf-8": b"\xff\xfe\xc3",
    "octal": "1é2é3\u202e77".encode(),
}

pytestmark = pytest.mark.skipif(not shutil.which("curl"), reason="curl is not installed")


@pytest.fixture(scope="module")
def server() -> Iterator[RecordingServer]:
    with recording_server() as server:
        yield server


def sent(shell: str, command: str, folder: Path) -> None:
    """Run a command as a user would who pasted it."""
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(folder), "LC_ALL": "C.UTF-8"}
    done = subprocess.run(  # noqa: S603 (the commands of this test)
        [shell, "-c", command], cwd=folder, env=environment, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_any_body_arrives_byte_for_byte(
    shell: str, body: bytes, server: RecordingServer, tmp_path: Path
) -> None:
    server.requests.clear()
    command = curl_command(CurlRequest(f"{server.url}/webhooks/it", {}, body))

    assert plain(command, lines=True) == command
    *continued, _ = command.split("\n")
    assert all(line.endswith((" \\", " |")) for line in continued)
    sent(shell, command, tmp_path)

    [(method, path, headers, arrived)] = server.requests
    assert (method, path, arrived) == ("POST", "/webhooks/it", body)
    assert "content-type" not in headers


@pytest.mark.parametrize("shell", SHELLS)
def test_headers_and_the_url_arrive_as_they_are(
    shell: str, server: RecordingServer, tmp_path: Path
) -> None:
    server.requests.clear()
    headers = {
        "X-Plain": "push",
        "x-quotes": """a 'b' "c" $(touch owned) `d` \\ %s""",
        "x-empty": "",
        "x-hidden": "a\u202eb\x9bc!!",
        "content-type": "application/json; charset=utf-8",
        "bad name: x": "no header",
        "@file": "no header",
    }
    url = f"{server.url}/webhooks/it?a=[1-3]&b={{x,y}}&c='$(touch)'"
    command = curl_command(CurlRequest(url, headers, b"{}", host="abc.localhost:8480"))

    assert plain(command, lines=True) == command
    assert sum(line.startswith("  --header ") for line in command.split("\n")) >= 5
    sent(shell, command, tmp_path)

    [(_, path, arrived, _)] = server.requests
    assert path == "/webhooks/it?a=[1-3]&b={x,y}&c='$(touch)'"
    assert arrived["host"] == "abc.localhost:8480"
    assert arrived["x-plain"] == "push"
    assert arrived["x-quotes"] == headers["x-quotes"]
    assert arrived["x-empty"] == ""
    assert arrived["x-hidden"].encode("latin-1").decode() == headers["x-hidden"]
    assert arrived["content-type"] == headers["content-type"]
    assert not any("no header" in value for value in arrived.values())


@pytest.mark.parametrize("value", ["a\r\nx-evil: 1", "a\nx-evil: 1", "a\r", "a\0b"])
def test_value_that_would_end_a_header_is_left_out(value: str) -> None:
    command = curl_command(CurlRequest("https://it", {"x-a": value, "x-b": "b"}, b"{}"))

    assert "evil" not in command
    assert "x-a" not in command
    assert "x-b: b" in command


def test_large_body_is_read_from_a_file() -> None:
    command = curl_command(CurlRequest("https://it", {}, b"a" * (MOST_BODY_BYTES + 1)))

    assert command.endswith("--data-binary @body")
    assert len(command) < 200
