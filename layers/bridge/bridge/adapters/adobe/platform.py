"""Requests to the APIs of Adobe Experience Platform: headers, tokens, retries and errors.

https://experienceleague.adobe.com/docs/experience-platform/landing/platform-apis/api-guide.html
"""

import uuid
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import requests

from bridge.adapters.adobe.errors import read_refusal
from bridge.adapters.http.retry_budget import RetryBudget
from bridge.errors import AdobeError
from bridge.telemetry import logger

if TYPE_CHECKING:
    from bridge.adapters.adobe.ims import AdobeCredentials
    from bridge.ports.adobe import Tokens

_ATTEMPTS = 5
# Adobe has to notice what was done before, or to end a transition: that takes as long as it takes,
# and the time that is left bounds it. With pauses of four seconds these are more than ten minutes,
# the provisioner's time-out.
_ATTEMPTS_WHILE_BUSY = 200


class AdobePlatform:
    """Sends a request until it is answered for good.

    GET, PATCH and DELETE are repeated on 429, 5xx and broken connections, and so is a POST that
    makes nothing; while an object is in use or in transition, PATCH and DELETE are. Any other POST
    is sent again only after a 401, which proves that nothing was made; everything else is for the
    caller, who looks for what the first try made.
    """

    def __init__(
        self,
        session: requests.Session,
        url: str,
        tokens: "Tokens",
        credentials: "Callable[[], AdobeCredentials]",
        retry_budget: RetryBudget | None = None,
    ) -> None:
        self._session = session
        self._url = url
        self._tokens = tokens
        self._credentials = credentials
        self._tenant: AdobeCredentials | None = None
        self._patience = retry_budget or RetryBudget()

    def tenant(self) -> "AdobeCredentials":
        """Read the credentials anew and go on with them. Raises UnavailableError."""
        self._tenant = self._credentials()
        return self._tenant

    def language(self, url: str) -> None:
        """Connect to the host of a URL; whatever it answers will do. Raises AdobeError."""
        parts = urlsplit(url)
        host = f"{parts.scheme}://{parts.netloc}/"
        try:
            self._session.head(host, timeout=self._patience.timeout(), allow_redirects=False)
        except requests.RequestException as exc:
            raise AdobeError(
                f"{parts.netloc} cannot be reached: {type(exc).__name__}; check INLET_HOSTS, "
                "DNS and what the network lets out",
                status=None,
                retryable=True,
            ) from exc

    def request(
        self,
        method: str,
        path: str,
        doing: str,
        body: object = None,
        *,
        makes: bool = False,
        etag: str = "",
        accept: str = "application/json",
    ) -> requests.Response:
        """An answer below 400, or 404 for an object that does not exist.

        Args:
            method: of HTTP.
            path: below the base URL, with its query.
            doing: what for, as words for people.
            body: becomes JSON.
            makes: sent twice it could make two objects.
            etag: the version that is to be changed.
            accept: the form of the answer.

        Raises:
            AdobeError: Adobe refused, or did not answer in time.
        """
        attempt = 0
        renewed = False
        token = self._tokens.current()
        while True:
            attempt += 1
            attempts = _ATTEMPTS
            retry_after = None
            try:
                answer = self._send(method, path, token, body, etag=etag, accept=accept)
            except requests.RequestException as exc:
                error = AdobeError(
                    f"Adobe did not answer the request to {doing}: {type(exc).__name__}",
                    status=None,
                    retryable=True,
                )
            else:
                if answer.status_code < HTTPStatus.MULTIPLE_CHOICES:
                    return answer
                refusal = read_refusal(answer)
                if refusal.is_missing and method != "POST":
                    return answer
                if refusal.is_about_token and not renewed:
                    renewed = True
                    token = self._tokens.renew(token)
                    continue
                busy = not makes and method != "GET" and refusal.is_passing
                error = refusal.to_error(doing, retryable=refusal.is_transient or busy)
                attempts = _ATTEMPTS_WHILE_BUSY if busy else _ATTEMPTS
                retry_after = answer.headers.get("Retry-After")
            if makes or not error.retryable or attempt >= attempts:
                raise error
            if not self._patience.pause(attempt, retry_after):
                raise error

    def _send(
        self, method: str, path: str, token: str, body: object, *, etag: str, accept: str
    ) -> requests.Response:
        credentials = self._tenant or self.tenant()
        request_id = str(uuid.uuid4())
        headers = {
            "Authorization": f"Bearer {token}",
            "x-api-key": credentials.client_id,
            "x-gw-ims-org-id": credentials.org_id,
            "x-sandbox-name": credentials.sandbox,
            "x-request-id": request_id,
            "Accept": accept,
        }
        if etag:
            headers["If-Match"] = etag
        answer = self._session.request(
            method,
            f"{self._url}/{path}",
            json=body,
            headers=headers,
            timeout=self._patience.timeout(),
            allow_redirects=False,
        )
        logger.info(
            "Adobe answered",
            extra={
                "method": method,
                "path": path.partition("?")[0],
                "status": answer.status_code,
                "adobe_request_id": answer.headers.get("x-request-id", request_id),
            },
        )
        return answer


def read_json(answer: requests.Response, doing: str) -> Any:
    """What an answer holds. Raises AdobeError when it is not JSON."""
    try:
        return answer.json()
    except requests.JSONDecodeError as exc:
        raise AdobeError(
            f"Adobe answered the request to {doing} with something that is not JSON",
            status=answer.status_code,
            retryable=True,
        ) from exc


def read_object(answer: requests.Response, doing: str) -> Mapping[str, Any]:
    """The JSON object that an answer holds; empty when it holds something else."""
    document = read_json(answer, doing)
    return document if isinstance(document, dict) else {}


def read_id(answer: requests.Response, doing: str) -> str:
    """The id of what was made. Raises AdobeError when there is none."""
    object_id = read_object(answer, doing).get("id")
    if not isinstance(object_id, str):
        raise AdobeError(f"Adobe gave no id to {doing}", status=None, retryable=True)
    return object_id
