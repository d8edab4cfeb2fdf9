"""Send requests to the APIs at which vendors register webhooks.

Only to hosts of `bridge.provisioning.subscriptions.vendors.VENDORS`, at public addresses, without
redirects and proxies, with a User-Agent, which GitHub requires.
"""

import json
import time
from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from urllib.parse import urlsplit

from bridge.adapters.http.public_https import Page, PublicHttps
from bridge.adapters.http.retry_budget import RetryBudget
from bridge.backoff import retry_after_of
from bridge.errors import UnavailableError, VendorError
from bridge.ports.vendors import VendorRequest, VendorResponse
from bridge.telemetry import logger

_ATTEMPTS = 5
_SECONDS = 10.0
# A page of 100 webhooks has about 100 kB.
_MAX_BYTES = 2_000_000
_TRANSIENT = (HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS)
# The remaining requests, and when there are more, of GitHub and of GitLab.
# https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api
# https://docs.gitlab.com/administration/settings/user_and_ip_rate_limits/#response-headers
_LIMITS = (
    ("x-ratelimit-remaining", "x-ratelimit-reset"),
    ("ratelimit-remaining", "ratelimit-reset"),
)


class HttpsVendorApi:
    """The port `VendorApi`.

    A request that creates a webhook is repeated only after a response that says that it was not
    processed: a rate limit. Others are repeated after 5xx and failed connections, too.

    Args:
        hosts: to which requests may go.
        retry_budget: pauses and the deadline.
        https: sends requests.
        now: seconds since 1970.
    """

    def __init__(
        self,
        hosts: Collection[str],
        retry_budget: RetryBudget,
        https: PublicHttps | None = None,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._hosts = frozenset(hosts)
        self._retry_budget = retry_budget
        self._https = https or PublicHttps()
        self._now = now

    def send(self, request: VendorRequest) -> VendorResponse:
        """Send a request; see the port."""
        parts = urlsplit(request.url)
        if parts.scheme != "https" or parts.netloc not in self._hosts:
            raise VendorError("Subscription", f"requests to {parts.netloc} are not allowed")
        attempt = 0
        while True:
            attempt += 1
            retry_after, may_repeat = None, not request.creates
            try:
                page = self._request(request)
            except UnavailableError as exc:
                reason, status = str(exc), None
            else:
                status = page.status
                limited = _is_limited(page)
                failed = status in _TRANSIENT or status >= HTTPStatus.INTERNAL_SERVER_ERROR
                if not (failed or limited):
                    return _response(page, request)
                reason = (
                    f"{request.vendor} responds with {status} to the request to {request.doing}"
                )
                retry_after = self._retry_after(page.headers)
                may_repeat = may_repeat or limited
            error = VendorError(
                "Subscription",
                f"{reason}; deploy again later",
                status=status,
                retryable=True,
                retry_after=retry_after,
            )
            if not may_repeat or not self._retry_budget.pause(
                attempt, retry_after, attempts=_ATTEMPTS, reason=error, whom=request.vendor
            ):
                raise error

    def _request(self, request: VendorRequest) -> Page:
        seconds = min(_SECONDS, self._retry_budget.remaining())
        if seconds <= 0:
            raise UnavailableError(f"no time is left for a request to {request.vendor}")
        page = self._https.exchange(
            request.method,
            request.url,
            request.headers,
            request.content,
            seconds=seconds,
            max_bytes=_MAX_BYTES,
        )
        logger.info(
            "vendor responded",
            extra={
                "vendor": request.vendor,
                "method": request.method,
                "doing": request.doing,
                "status": page.status,
                "vendor_request_id": page.headers.get(
                    "x-github-request-id", page.headers.get("request-id", "")
                ),
            },
        )
        return page

    def _retry_after(self, headers: Mapping[str, str]) -> str | None:
        """Whole seconds until requests are accepted again."""
        now = datetime.fromtimestamp(self._now(), UTC)
        asked = retry_after_of(headers.get("retry-after", ""), now)
        if asked is not None:
            return str(-(-asked // timedelta(seconds=1)))
        for remaining, reset in _LIMITS:
            if headers.get(remaining) == "0" and headers.get(reset, "").isdecimal():
                return str(max(1, round(int(headers[reset]) - self._now()) + 1))
        return None


def _is_limited(page: Page) -> bool:
    """Whether a response is due to a rate limit; GitHub uses 403 for that, too."""
    if page.status == HTTPStatus.TOO_MANY_REQUESTS:
        return True
    return page.status == HTTPStatus.FORBIDDEN and (
        "retry-after" in page.headers
        or any(page.headers.get(remaining) == "0" for remaining, _ in _LIMITS)
    )


def _response(page: Page, request: VendorRequest) -> VendorResponse:
    document = None
    if page.content:
        try:
            document = json.loads(page.content)
        except (ValueError, RecursionError):
            # The body of an error or a redirect may be a page of HTML.
            if page.status < HTTPStatus.MULTIPLE_CHOICES and request.method != "DELETE":
                raise VendorError(
                    "Subscription",
                    f"{request.vendor} answers the request to {request.doing} with something that "
                    "is not JSON; deploy again later",
                    status=page.status,
                    retryable=True,
                ) from None
    return VendorResponse(page.status, page.headers, document)
