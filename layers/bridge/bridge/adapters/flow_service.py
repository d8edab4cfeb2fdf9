"""Adobe's Flow Service: base, source and target connections, and flows.

https://developer.adobe.com/experience-platform-apis/references/flow-service/
"""

import uuid
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

import requests

from bridge.adapters.adobe_refusal import read_refusal
from bridge.adapters.patience import Patience
from bridge.errors import AdobeError
from bridge.telemetry import logger

if TYPE_CHECKING:
    from bridge.adapters.ims import AdobeCredentials
    from bridge.ports import Tokens

_ATTEMPTS = 5
# About half a minute of pauses, for Adobe to notice the deletions before this one.
_ATTEMPTS_WHILE_IN_USE = 9


class AdobeFlowService:
    """The port `FlowService`.

    GET and DELETE are repeated on 429, 5xx and broken connections. A POST is sent again only
    after a 401, which proves that nothing was made; everything else is for the caller, who
    looks for what the first try made.
    """

    def __init__(
        self,
        session: requests.Session,
        platform_url: str,
        tokens: "Tokens",
        credentials: "Callable[[], AdobeCredentials]",
        patience: Patience | None = None,
    ) -> None:
        self._session = session
        self._url = f"{platform_url}/data/foundation/flowservice"
        self._tokens = tokens
        self._credentials = credentials
        self._tenant: AdobeCredentials | None = None
        self._patience = patience or Patience()

    def tenant(self) -> "AdobeCredentials":
        """Read the credentials anew and go on with them. Raises UnavailableError."""
        self._tenant = self._credentials()
        return self._tenant

    def create(self, kind: str, body: Mapping[str, Any]) -> str:
        """POST an object and give its id; never tried twice. Raises AdobeError."""
        doing = f"create one of {kind}"
        answer = self._request("POST", kind, doing, body)
        object_id = _json(answer, doing).get("id")
        if not isinstance(object_id, str):
            raise AdobeError(f"Adobe gave no id to {doing}", status=None, retryable=True)
        return object_id

    def get(self, kind: str, object_id: str) -> dict[str, Any] | None:
        """Read an object, or None when there is none. Raises AdobeError."""
        doing = f"read {kind}/{object_id}"
        answer = self._request("GET", f"{kind}/{quote(object_id, safe='')}", doing)
        if answer.status_code == HTTPStatus.NOT_FOUND:
            return None
        items = _items(answer, doing)
        return items[0] if items else None

    def find(self, kind: str, filters: Mapping[str, str]) -> list[dict[str, Any]]:
        """All objects whose properties equal the filters, over all pages. Raises AdobeError."""
        doing = f"list {kind}"
        # Spaces as %20, so quote() and not urlencode(); a repeated `property` means AND.
        query = "&".join(
            f"property={path}=={quote(value, safe='')}" for path, value in filters.items()
        )
        found: list[dict[str, Any]] = []
        token = ""
        seen: set[str] = set()
        while token not in seen:
            seen.add(token)
            page = f"&continuationToken={token}" if token else ""
            answer = self._request("GET", f"{kind}?{query}{page}", doing)
            found += _items(answer, doing)
            token = _continuation(_json(answer, doing))
        return found

    def delete(self, kind: str, object_id: str) -> None:
        """Delete an object; one that does not exist is fine. Raises AdobeError."""
        self._request("DELETE", f"{kind}/{quote(object_id, safe='')}", f"delete {kind}/{object_id}")

    def _request(
        self, method: str, path: str, doing: str, body: Mapping[str, Any] | None = None
    ) -> requests.Response:
        """An answer below 400, or 404 for an object that does not exist."""
        attempt = 0
        renewed = False
        token = self._tokens.current()
        while True:
            attempt += 1
            attempts = _ATTEMPTS
            retry_after = None
            try:
                answer = self._send(method, path, token, body)
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
                in_use = method == "DELETE" and refusal.is_passing
                error = refusal.to_error(doing, retryable=refusal.is_transient or in_use)
                attempts = _ATTEMPTS_WHILE_IN_USE if in_use else _ATTEMPTS
                retry_after = answer.headers.get("Retry-After")
            if method == "POST" or not error.retryable or attempt >= attempts:
                raise error
            if not self._patience.pause(attempt, retry_after):
                raise error

    def _send(
        self, method: str, path: str, token: str, body: Mapping[str, Any] | None
    ) -> requests.Response:
        credentials = self._tenant or self.tenant()
        request_id = str(uuid.uuid4())
        answer = self._session.request(
            method,
            f"{self._url}/{path}",
            json=body,
            headers={
                "Authorization": f"Bearer {token}",
                "x-api-key": credentials.client_id,
                "x-gw-ims-org-id": credentials.org_id,
                "x-sandbox-name": credentials.sandbox,
                "x-request-id": request_id,
                "Accept": "application/json",
            },
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


def _json(answer: requests.Response, doing: str) -> dict[str, Any]:
    try:
        document = answer.json()
    except requests.JSONDecodeError as exc:
        raise AdobeError(
            f"Adobe answered the request to {doing} with something that is not JSON",
            status=answer.status_code,
            retryable=True,
        ) from exc
    return document if isinstance(document, dict) else {}


def _items(answer: requests.Response, doing: str) -> list[dict[str, Any]]:
    items = _json(answer, doing).get("items")
    return [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []


def _continuation(page: Mapping[str, Any]) -> str:
    """The token of the next page, byte for byte as in the link, or an empty text."""
    href = ((page.get("_links") or {}).get("next") or {}).get("href") or ""
    for pair in urlsplit(href).query.split("&"):
        name, _, value = pair.partition("=")
        if name == "continuationToken":
            return value
    return ""
