"""Tests of the real pip-audit with a fake OSV."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from devtools.supply import audit as auditing
from devtools.supply.audit import audit
from devtools.supply.errors import SupplyError
from tests.support.served import served

ADVISORY = {
    "id": "PYSEC-2026-1",
    "summary": "made up",
    "affected": [
        {
            "package": {"name": "six", "ecosystem": "PyPI"},
            "ranges": [
                {"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "1.18.0"}]},
            ],
        }
    ],
}
NOTHING: dict[str, Any] = {}
NOWHERE = "http://127.0.0.1:9/v1/query"

Responder = Callable[[dict[str, Any]], tuple[HTTPStatus, object]]


@pytest.fixture
def requirements(tmp_path: Path) -> Path:
    path = tmp_path / "requirements.txt"
    path.write_text("".join(f"{name} --hash=sha256:{'0' * 64}\n" for name in ("idna==3", "six==1")))
    return path


@contextmanager
def osv(answer: Responder) -> Iterator[list[str]]:
    """Options that send pip-audit to a stand-in which answers queries like that."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            query = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            status, content = answer(query)
            body = json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Log nothing."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server, served(server):
        yield ["--osv-url", f"http://127.0.0.1:{server.server_port}/v1/query"]


def six_is_known(query: dict[str, Any]) -> tuple[HTTPStatus, object]:
    known = query["package"]["name"] == "six"
    return HTTPStatus.OK, {"vulns": [ADVISORY]} if known else NOTHING


def test_known_vulnerability_fails_and_names_the_fixed_version(requirements: Path) -> None:
    with (
        osv(six_is_known) as options,
        pytest.raises(SupplyError, match=r"six 1: PYSEC-2026-1 \(mended in 1\.18\.0\)"),
    ):
        audit(requirements, options)


def test_accepted_vulnerability_does_not_fail(
    requirements: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(auditing, "ACCEPTED", {"PYSEC-2026-1": "made up"})
    with osv(six_is_known) as options:
        assert audit(requirements, options) == "No known vulnerability in 2 packages."


def test_every_package_is_queried(requirements: Path) -> None:
    asked = []

    def answer(query: dict[str, Any]) -> tuple[HTTPStatus, object]:
        asked.append((query["package"]["name"], query["version"]))
        return HTTPStatus.OK, NOTHING

    with osv(answer) as options:
        assert audit(requirements, options) == "No known vulnerability in 2 packages."
    assert sorted(asked) == [("idna", "3"), ("six", "1")]


@pytest.mark.parametrize("status", [HTTPStatus.FORBIDDEN, HTTPStatus.SERVICE_UNAVAILABLE])
def test_error_of_osv_reports_that_nothing_was_checked(
    requirements: Path, status: HTTPStatus
) -> None:
    with osv(lambda _: (status, NOTHING)) as options:
        assert "not checked" in audit(requirements, options)


def test_missing_network_reports_that_nothing_was_checked(
    requirements: Path,
) -> None:
    said = audit(requirements, ["--osv-url", NOWHERE])

    assert said == "Vulnerabilities were not checked: the advisories cannot be reached."


def test_unreadable_requirements_fail_without_a_network(tmp_path: Path) -> None:
    requirements = tmp_path / "requirements.txt"
    requirements.write_text("idna>=3\n")

    with pytest.raises(SupplyError, match="pip-audit failed"):
        audit(requirements, ["--osv-url", NOWHERE])
