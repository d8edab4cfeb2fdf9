"""Parse error responses of Adobe Experience Platform.

The body of an error has no single documented format: the HTTP status counts first, then a code
such as `1447-400` or `401013` in any field.
https://experienceleague.adobe.com/docs/experience-platform/sources/errors/flow-service-errors.html
"""

import re
from dataclasses import dataclass
from http import HTTPStatus

import requests

from bridge.errors import AdobeError

# In use or in a transition; resolves while the deletion of a chain proceeds.
_BUSY = frozenset({"1416", "1417", "1418", "1420", "1421", "1422", "1447", "1456", "1457", "1458"})
# "The requested {TYPE} resource {id} is not found", with the status 400.
_NO_SUCH_RESOURCE = "1439"
_NO_SUCH_SANDBOX = frozenset({"2100", "2101", "2103"})
_NO_TOKEN = "403010"  # noqa: S105 - a code of Adobe's gateway
_TRANSIENT = (HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS)
_CODE = re.compile(r"\b(\d{4})-\d{3}\b|\b(\d{6})\b")
_FIELDS = ("errorCode", "code", "error_code", "title", "detail", "message", "errorMessage")
_MAX_MESSAGE = 300
# The permission that reading and changing need, by the beginning of the path.
# https://experienceleague.adobe.com/en/docs/experience-platform/access-control/home
_PERMISSIONS = {
    "data/foundation/catalog/": ("View Datasets", "Manage Datasets"),
    # Adobe does not document that of the Data Access API.
    "data/foundation/export/": ("View Datasets", "Manage Datasets"),
    "data/foundation/schemaregistry/": ("View Schemas", "Manage Schemas"),
    "data/core/idnamespace/": ("View Identity Namespaces", "Manage Identity Namespaces"),
}


@dataclass(frozen=True, slots=True)
class ErrorResponse:
    """An error response.

    Attributes:
        code: four digits from the Flow Service, six from the gateway, or empty.
        message: Adobe's message, on one line.
        retry_after: the header of that name, or None.
    """

    status: int
    code: str
    message: str
    retry_after: str | None = None

    def is_missing(self, object_id: str) -> bool:
        """The object does not exist (any more); a missing sandbox is another error."""
        if self.status == HTTPStatus.BAD_REQUEST:
            # It can name another object, such as one that this one refers to.
            return self.code == _NO_SUCH_RESOURCE and object_id in self.message
        is_gone = self.status in {HTTPStatus.NOT_FOUND, HTTPStatus.GONE}
        return is_gone and self.code not in _NO_SUCH_SANDBOX

    @property
    def is_about_token(self) -> bool:
        """The token was rejected, and nothing was changed."""
        return self.status == HTTPStatus.UNAUTHORIZED or self.code == _NO_TOKEN

    @property
    def is_transient(self) -> bool:
        """The same request may succeed later.

        Gateways have 5xx of their own, such as 520 to 527 of Cloudflare.
        """
        return self.status in _TRANSIENT or self.status >= HTTPStatus.INTERNAL_SERVER_ERROR

    @property
    def is_busy(self) -> bool:
        """A deletion may succeed after Adobe has processed the previous ones."""
        return self.code in _BUSY

    def to_error(self, doing: str, *, retryable: bool, permission: str = "") -> AdobeError:
        """One sentence: the request, Adobe's message, and the fix.

        Args:
            doing: the request.
            retryable: see `AdobeError`.
            permission: that the request needs in Experience Platform.
        """
        message = f" {self.message.rstrip('.')}" if self.message else ""
        return AdobeError(
            f"Adobe refused to {doing}: {self.status}{message}; {self._advice(permission)}",
            status=self.status,
            retryable=retryable,
            retry_after=self.retry_after,
        )

    def _advice(self, permission: str) -> str:
        if self.is_transient or self.is_busy:
            return "apply again later"
        match self.status:
            case HTTPStatus.UNAUTHORIZED:
                return "check the credentials"
            case HTTPStatus.FORBIDDEN:
                needed = f"has the permission {permission}" if permission else "may manage sources"
                return f"add the technical account to a product profile that {needed}"
            case HTTPStatus.NOT_FOUND:
                return "check the sandbox of the credentials"
            case HTTPStatus.CONFLICT | HTTPStatus.PRECONDITION_FAILED:
                return "it was changed concurrently, apply again"
            case _:
                return "check the ids in the properties"


def permission_of(method: str, path: str) -> str:
    """The permission that a request needs; empty if it is that for sources."""
    for prefix, (view, manage) in _PERMISSIONS.items():
        if path.startswith(prefix):
            return view if method == "GET" else manage
    return ""


def read_error(response: requests.Response) -> ErrorResponse:
    """Parse a response whose status is an error."""
    try:
        body = response.json()
    except (ValueError, RecursionError):  # No JSON, or none that Python reads.
        body = None
    fields = body if isinstance(body, dict) else {}
    texts = (str(fields[name]) for name in _FIELDS if isinstance(fields.get(name), str | int))
    text = " ".join(" ".join(dict.fromkeys(texts)).split())
    match = _CODE.search(text)
    code = (match[1] or match[2]) if match else ""
    retry_after = response.headers.get("Retry-After")
    return ErrorResponse(response.status_code, code, text[:_MAX_MESSAGE], retry_after)
