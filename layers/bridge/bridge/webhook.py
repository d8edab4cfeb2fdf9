"""A request as it arrived: raw bytes, headers and the URL that the sender called."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bridge.errors import UnsupportedBodyError


@dataclass(frozen=True, slots=True)
class Webhook:
    """One HTTP request of a sender.

    Attributes:
        method: in upper case.
        url: as the sender called it: scheme, host, stage prefix, path and query.
        headers: names in lower case; API Gateway joins repeated headers with a comma.
        body: the bytes on the wire.
        source_ip: of whoever called API Gateway.
        path_token: what follows the source's name in the path.
    """

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes
    source_ip: str = ""
    path_token: str = ""

    @classmethod
    def from_http_api(cls, event: Mapping[str, Any]) -> "Webhook":
        """Read an API Gateway HTTP API event, payload format 2.0.

        Raises:
            UnsupportedBodyError: the event says base64 and the body is not.
        """
        http = event["requestContext"]["http"]
        query = event.get("rawQueryString") or ""
        host = event["requestContext"]["domainName"]
        url = f"https://{host}{event['rawPath']}" + (f"?{query}" if query else "")
        return cls(
            method=http["method"].upper(),
            url=url,
            headers=_headers(event),
            body=_body(event),
            source_ip=http.get("sourceIp", ""),
            path_token=(event.get("pathParameters") or {}).get("token", ""),
        )


def _headers(event: Mapping[str, Any]) -> Mapping[str, str]:
    """API Gateway sends texts only; what somebody else sends in their place is no header."""
    headers = event.get("headers") or {}
    return {name.lower(): text for name, text in headers.items() if isinstance(text, str)}


def _body(event: Mapping[str, Any]) -> bytes:
    """The bytes that the sender signed, whichever way API Gateway carried them."""
    body: str = event.get("body") or ""
    if not event.get("isBase64Encoded"):
        # JSON can hold halves of surrogate pairs; no signature matches what becomes of them.
        return body.encode(errors="surrogatepass")
    try:
        return base64.b64decode(body, validate=True)
    except ValueError as exc:
        raise UnsupportedBodyError("the event's body is not base64") from exc
