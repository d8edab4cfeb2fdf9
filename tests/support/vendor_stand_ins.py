"""Stand-ins for the vendors at which webhooks are registered, behind one port."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlsplit

from bridge.errors import VendorError
from bridge.ports.vendors import VendorRequest, VendorResponse
from tests.support import github_stand_in, gitlab_stand_in, stripe_stand_in
from tests.support.vendor_account import Account, Call, StandInResponse

_ANSWERS = {
    "api.github.com": github_stand_in.answer,
    "gitlab.com": gitlab_stand_in.answer,
    "api.stripe.com": stripe_stand_in.answer,
}


@dataclass
class VendorStandIns:
    """The three vendors; `calls` has the method and the path of each request."""

    accounts: dict[str, Account] = field(
        default_factory=lambda: {
            "api.github.com": github_stand_in.account(),
            "gitlab.com": gitlab_stand_in.account(),
            "api.stripe.com": stripe_stand_in.account(),
        }
    )
    calls: list[str] = field(default_factory=list)

    def serve(
        self, host: str, method: str, target: str, headers: Mapping[str, str], content: bytes
    ) -> StandInResponse:
        """Serve a request of whoever sends it."""
        parts, account = urlsplit(target), self.accounts[host]
        self.calls.append(f"{method} {parts.path}")
        if account.forced:
            return account.forced.pop(0)
        named = {name.lower(): value for name, value in headers.items()}
        query = dict(parse_qsl(parts.query, strict_parsing=True)) if parts.query else {}
        given = _ANSWERS[host](account, Call(method, parts.path, query, named, content))
        if account.lost:
            account.lost -= 1
            return StandInResponse(502, None)
        return StandInResponse(given.status, json.loads(json.dumps(given.document)), given.headers)

    def send(self, request: VendorRequest) -> VendorResponse:
        """The port `VendorApi`, without repetitions."""
        parts = urlsplit(request.url)
        assert parts.scheme == "https"
        target = request.url.partition(parts.netloc)[2]
        given = self.serve(parts.netloc, request.method, target, request.headers, request.content)
        if given.status in {429, 500, 502, 503}:
            raise VendorError(
                "Subscription", f"{given.status}", status=given.status, retryable=True
            )
        return VendorResponse(given.status, given.headers, given.document)
