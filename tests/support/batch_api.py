"""A strict server of Adobe's batches and failed records, for tests of their reader.

It refuses what the OpenAPI files of Catalog and Data Access do not have.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from tests.support.served import served

_LISTING = {"dataSet", "createdAfter", "orderBy", "limit", "start"}
_PARAMETERS = {"path", "start", "limit"}
_HEADERS = ("authorization", "x-api-key", "x-gw-ims-org-id", "x-sandbox-name")
_MOST = 100
EXPORT = "/data/foundation/export"


@dataclass
class Reply:
    """A response instead of the usual one.

    Attributes:
        stated: the Content-Length, if it is not that of the content.
    """

    status: int = 200
    content: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    stated: int | None = None


@dataclass
class BatchApi:
    """What it has, and what was asked.

    Attributes:
        batches: Catalog's documents by id, in any order.
        files: by batch, and by path as a reader has to ask for it.
        folders: paths that are listed as entries without bytes.
        replies: by the beginning of a path; each is used once.
    """

    url: str = ""
    batches: dict[str, dict[str, Any]] = field(default_factory=dict)
    files: dict[str, dict[str, bytes]] = field(default_factory=dict)
    row_errors: dict[str, dict[str, bytes]] = field(default_factory=dict)
    replies: dict[str, list[Reply]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def answer(self, target: str, headers: Mapping[str, str]) -> Reply:
        """The response to a GET request."""
        self.asked.append(target)
        for beginning, planned in self.replies.items():
            if target.startswith(beginning) and planned:
                return planned.pop(0)
        if any(not headers.get(name) for name in _HEADERS):
            return Reply(403, b'{"error_code": "403010"}')
        return self._found(target) or _error(400, f"unknown request {target}")

    def _found(self, target: str) -> Reply | None:
        parts = urlsplit(target)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        match unquote(parts.path).strip("/").split("/"):
            case ["data", "foundation", "catalog", "batches"] if query.keys() == _LISTING:
                return _json(self._listed(query))
            case ["data", "foundation", "catalog", "batches", batch] if not query:
                found = self.batches.get(batch)
                return _json({batch: found}) if found else Reply(404, b"{}")
            case ["data", "foundation", "export", "batches", batch, "failed"] if (
                query.keys() <= _PARAMETERS
            ):
                return self._files(self.files.get(batch), query)
            case ["data", "foundation", "export", "batches", batch, "meta"] if (
                query.keys() <= _PARAMETERS and query.get("path", "").startswith("row_errors")
            ):
                name = query.pop("path").removeprefix("row_errors").removeprefix("/")
                return self._files(
                    self.row_errors.get(batch), query | ({"path": name} if name else {})
                )
        return None

    def _listed(self, query: Mapping[str, str]) -> dict[str, Any]:
        assert query["orderBy"] == "asc:created"
        assert int(query["limit"]) <= _MOST
        found = [
            (batch_id, document)
            for batch_id, document in self.batches.items()
            if {"type": "dataSet", "id": query["dataSet"]} in document["relatedObjects"]
            and document["created"] > int(query["createdAfter"])
        ]
        found.sort(key=lambda each: (each[1]["created"], each[0]))
        start = int(query["start"])
        return dict(found[start : start + int(query["limit"])])

    def _files(self, files: dict[str, bytes] | None, query: Mapping[str, str]) -> Reply:
        if files is None:
            return Reply(404, b"{}")
        path = query.get("path", "")
        if files.get(path):
            return Reply(content=files[path])
        below = {
            name.removeprefix(f"{path}/") if path else name: content
            for name, content in files.items()
            if name.startswith(f"{path}/") or not path
        }
        start = int(query.get("start", 0))
        shown = [(name, text) for name, text in below.items() if "/" not in name]
        entries = [
            {"name": name, "length": str(len(text)), "_links": {"self": {"href": "https://x"}}}
            for name, text in shown[start : start + _MOST]
        ]
        return _json({"data": entries, "_page": {"limit": _MOST, "count": len(entries)}})


def catalog_batch(dataset_id: str, created: int, **others: Any) -> dict[str, Any]:
    """A batch as Catalog returns it."""
    return {
        "status": "success",
        "created": created,
        "relatedObjects": [{"type": "dataSet", "id": dataset_id}],
        **others,
    }


def _error(status: int, title: str) -> Reply:
    return Reply(status, json.dumps({"title": title}).encode())


def _json(document: object) -> Reply:
    return Reply(content=json.dumps(document).encode())


@contextmanager
def batch_api() -> Iterator[BatchApi]:
    """Serve on the loopback address until the block ends."""
    api = BatchApi()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            reply = api.answer(self.path, {k.lower(): v for k, v in self.headers.items()})
            self.send_response(reply.status)
            length = len(reply.content) if reply.stated is None else reply.stated
            for name, text in {"Content-Length": str(length), **reply.headers}.items():
                self.send_header(name, text)
            self.end_headers()
            with suppress(ConnectionError):  # The reader stops where it wants.
                self.wfile.write(reply.content)
            self.close_connection = reply.stated is not None

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        server.block_on_close = False
        api.url = f"http://127.0.0.1:{server.server_port}"
        with served(server):
            yield api
