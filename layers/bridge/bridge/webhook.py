"""The HTTP request of a sender: raw body, headers and URL."""

import base64
from collections.abc import Mapping
from typing import Any, NamedTuple

from bridge.bodies.body_content import BodyContent, body_content
from bridge.errors import BodyTooLargeError, UnsupportedBodyError

# Base64 of the maximum body size of 1 MB, rounded up; more is not decoded.
_MAX_CHARACTERS = 1_400_000
# API Gateway's have 16; a direct invocation of the function may contain anything.
_MAX_ID_CHARACTERS = 64


class Webhook(NamedTuple):
    """One HTTP request of a sender.

    Attributes:
        method: in upper case.
        url: as requested: scheme, host, stage prefix, path and query.
        headers: names in lower case; API Gateway joins repeated headers with a comma.
        body: the bytes on the wire.
        source_ip: IP address of the client of API Gateway.
        path_token: the path segment after the source's name.
    """

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes
    source_ip: str = ""
    path_token: str = ""

    @property
    def content(self) -> BodyContent:
        """The readable content of the body."""
        return body_content(
            self.body,
            self.headers.get("content-type", ""),
            self.headers.get("content-encoding", ""),
        )

    @classmethod
    def from_http_api(cls, event: object) -> "Webhook":
        """Read an API Gateway HTTP API event, payload format 2.0.

        Direct invocations of the function may contain anything: members of a wrong type count as
        missing.

        Raises:
            UnsupportedBodyError: the body is not a string, or not base64 although flagged as such.
            BodyTooLargeError: it is over a megabyte.
        """
        context = _object(event, "requestContext")
        http = _object(context, "http")
        query = _text(event, "rawQueryString")
        url = f"https://{_text(context, 'domainName')}{_text(event, 'rawPath')}"
        return cls(
            method=_text(http, "method").upper(),
            url=f"{url}?{query}" if query else url,
            headers=_headers(event),
            body=_body(event),
            source_ip=_text(http, "sourceIp"),
            path_token=_text(_object(event, "pathParameters"), "token"),
        )


def with_charset(headers: Mapping[str, str], charset: str) -> dict[str, str]:
    """The headers with another charset in Content-Type."""
    media_type = headers.get("content-type", "").partition(";")[0]
    return {**headers, "content-type": f"{media_type}; charset={charset}"}


def request_id(event: object) -> str:
    """The ID that API Gateway assigned to the request, which its response has as a header.

    `$context.requestId` of
    https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html
    """
    given = _text(_object(event, "requestContext"), "requestId")[:_MAX_ID_CHARACTERS]
    # JSON can contain lone surrogates, which cannot be written to standard output.
    return given.encode(errors="replace").decode()


def source_name(event: object) -> str:
    """The source in the path of an API Gateway HTTP API event; empty when there is none."""
    return _text(_object(event, "pathParameters"), "source")


def _member(parent: object, name: str) -> Any:
    # Lambda parses events into dicts; the check for a Mapping takes three times as long.
    return parent.get(name) if isinstance(parent, dict) else None


def _object(parent: object, name: str) -> Mapping[str, Any]:
    child = _member(parent, name)
    return child if isinstance(child, dict) else {}


def _text(parent: object, name: str) -> str:
    child = _member(parent, name)
    return child if isinstance(child, str) else ""


def _headers(event: object) -> Mapping[str, str]:
    headers = _object(event, "headers").items()
    return {str(name).lower(): text for name, text in headers if isinstance(text, str)}


def _body(event: object) -> bytes:
    """The bytes that the sender signed; API Gateway may encode them as base64."""
    body = _member(event, "body")
    if body is None:
        return b""
    if not isinstance(body, str):
        raise UnsupportedBodyError("the event's body is not a string")
    if len(body) > _MAX_CHARACTERS:
        raise BodyTooLargeError("the body is too large")
    if _member(event, "isBase64Encoded") is not True:
        # JSON may contain lone surrogates; no signature matches their encoding.
        return body.encode(errors="surrogatepass")
    try:
        return base64.b64decode(body, validate=True)
    except ValueError as exc:
        raise UnsupportedBodyError("the event's body is not base64") from exc
