"""Send requests to Adobe Experience Platform, with tokens, retries and errors.

https://experienceleague.adobe.com/docs/experience-platform/landing/platform-apis/api-guide.html
"""

import uuid
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

import requests

from bridge.adapters.adobe.errors import permission_of, read_error
from bridge.adapters.adobe.platform_responses import read_content, read_object
from bridge.adapters.http.causes import cause_of
from bridge.adapters.http.retry_budget import RetryBudget
from bridge.errors import AdobeError
from bridge.telemetry import logger

if TYPE_CHECKING:
    from bridge.adapters.adobe.ims import AdobeCredentials
    from bridge.ports.adobe import Tokens

_ATTEMPTS = 5
# While Adobe processes a previous change; bounded by the deadline. With pauses of four seconds on
# average, more than ten minutes, the provisioner's time-out.
_ATTEMPTS_WHILE_BUSY = 200


class AdobePlatform:
    """Sends requests with retries.

    GET, PATCH, DELETE and a POST that creates nothing are retried on 429, 5xx and failed
    connections; PATCH and DELETE also while an object is in use or in transition. The retry budget
    says how often. A POST that creates an object is retried only after a 401, which means that
    nothing was created; otherwise the caller searches for the object.

    Args:
        session: for HTTP.
        url: the base URL of the APIs.
        tokens: access tokens.
        credentials: reads the technical account's credentials.
        retry_budget: bounds requests and pauses.
        before_request: is called before each request, and may raise to prevent it.
    """

    def __init__(
        self,
        session: requests.Session,
        url: str,
        tokens: "Tokens",
        credentials: "Callable[[], AdobeCredentials]",
        retry_budget: RetryBudget | None = None,
        *,
        before_request: Callable[[], None] = lambda: None,
    ) -> None:
        self._session = session
        self._url = url
        self._before_request = before_request
        self._tokens = tokens
        self._credentials = credentials
        self._tenant: AdobeCredentials | None = None
        self._retry_budget = retry_budget or RetryBudget()

    def tenant(self) -> "AdobeCredentials":
        """Read the credentials again and use them from now on. Raises UnavailableError."""
        self._tenant = self._credentials()
        return self._tenant

    def check_host(self, url: str) -> None:
        """Connect to the host of a URL, with any response. Raises AdobeError."""
        parts = urlsplit(url)
        host = f"{parts.scheme}://{parts.netloc}/"
        try:
            self._session.head(host, timeout=self._retry_budget.timeout(), allow_redirects=False)
        except requests.RequestException as exc:
            raise AdobeError(
                f"{parts.netloc} cannot be reached: {cause_of(exc, parts.hostname or '')}; check"
                " INLET_HOSTS and outbound network rules",
                status=None,
                retryable=True,
            ) from exc

    def read(
        self, path: str, doing: str, accept: str = "application/json"
    ) -> dict[str, Any] | None:
        """The JSON object of a GET, or None if it does not exist; see `request`."""
        response = self.request("GET", path, doing, accept=accept)
        if response.status_code == HTTPStatus.NOT_FOUND:
            return None
        return dict(read_object(response, doing))

    def read_page(
        self, path: str, doing: str, accept: str = "application/json"
    ) -> Mapping[str, Any]:
        """The JSON object of a GET, which always exists; see `request`."""
        return read_object(self.request("GET", path, doing, accept=accept), doing)

    def create(self, path: str, doing: str, body: object) -> str:
        """POST an object once and return its id; see `request`."""
        response = self.request("POST", path, doing, body, creates=True)
        object_id = read_object(response, doing).get("id")
        if not isinstance(object_id, str):
            raise AdobeError(f"Adobe returned no id to {doing}", status=None, retryable=True)
        return object_id

    def request(
        self,
        method: str,
        path: str,
        doing: str,
        body: object = None,
        *,
        creates: bool = False,
        etag: str = "",
        accept: str = "application/json",
        stream: bool = False,
    ) -> requests.Response:
        """A response below 300, or 404 for an object that does not exist, however Adobe says so.

        Args:
            method: the HTTP method.
            path: below the base URL, with its query.
            doing: the purpose, for error messages.
            body: sent as JSON.
            creates: a second request could create a second object.
            etag: of the version to change.
            accept: the media type of the response.
            stream: the caller reads the body, and closes the response.

        Raises:
            AdobeError: Adobe rejected the request, or did not respond in time.
        """
        attempt = 0
        renewed = False
        token = self._tokens.current()
        while True:
            attempt += 1
            attempts = _ATTEMPTS
            try:
                response = self._send(method, path, token, body, etag=etag, accept=accept)
                if not stream or response.status_code >= HTTPStatus.MULTIPLE_CHOICES:
                    read_content(response, doing)
            except requests.RequestException as exc:
                error = AdobeError(
                    f"Adobe did not answer the request to {doing}:"
                    f" {cause_of(exc, urlsplit(self._url).hostname or '')}",
                    status=None,
                    retryable=True,
                )
            else:
                if response.status_code < HTTPStatus.MULTIPLE_CHOICES:
                    return response
                failure = read_error(response)
                if method != "POST" and failure.is_missing(_object_id(path)):
                    response.status_code = HTTPStatus.NOT_FOUND
                    return response
                if failure.is_about_token and not renewed:
                    renewed = True
                    token = self._tokens.renew(token)
                    continue
                busy = not creates and method != "GET" and failure.is_busy
                error = failure.to_error(
                    doing,
                    retryable=failure.is_transient or busy,
                    permission=permission_of(method, path),
                )
                attempts = _ATTEMPTS_WHILE_BUSY if busy else _ATTEMPTS
            if creates or not error.retryable:
                raise error
            if not self._retry_budget.pause(
                attempt, error.retry_after, attempts=attempts, reason=error
            ):
                raise error

    def _send(
        self,
        method: str,
        path: str,
        token: str,
        body: object,
        *,
        etag: str,
        accept: str,
    ) -> requests.Response:
        credentials = self._tenant or self.tenant()
        request_id = str(uuid.uuid4())
        headers = {
            "Authorization": f"Bearer {token}",
            "x-api-key": credentials.client_id,
            "x-gw-ims-org-id": credentials.org_id,
            "x-request-id": request_id,
            "Accept": accept,
        }
        if credentials.sandbox:  # It is not known before the sandboxes are listed.
            headers["x-sandbox-name"] = credentials.sandbox
        if etag:
            headers["If-Match"] = etag
        self._before_request()
        response = self._session.request(
            method,
            f"{self._url}/{path}",
            json=body,
            headers=headers,
            timeout=self._retry_budget.timeout(),
            allow_redirects=False,
            stream=True,
        )
        logger.info(
            "Adobe responded",
            extra={
                "method": method,
                "path": path.partition("?")[0],
                "status": response.status_code,
                "adobe_request_id": response.headers.get("x-request-id", request_id),
            },
        )
        return response


def _object_id(path: str) -> str:
    """The last part of a path, without its query."""
    return unquote(path.partition("?")[0].rpartition("/")[2])
