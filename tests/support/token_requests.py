"""Count the requests for tokens that reach IMS."""

from collections.abc import Mapping

import pytest

from bridge.adapters.http.connections import Connections
from bridge.adapters.http.response import Response


def record_token_requests(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The statuses of IMS's responses, from now on."""
    statuses: list[int] = []
    post = Connections.post

    def record(
        connections: Connections,
        url: str,
        headers: Mapping[str, str],
        content: bytes,
        timeout: tuple[float, float],
    ) -> Response:
        response = post(connections, url, headers, content, timeout)
        if url.endswith("/ims/token/v3"):
            statuses.append(response.status)
        return response

    monkeypatch.setattr(Connections, "post", record)
    return statuses
