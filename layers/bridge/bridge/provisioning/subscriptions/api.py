"""List, create, update and delete the webhooks of a vendor, as its data describes."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import quote, urlencode

from bridge.errors import VendorError
from bridge.ports.vendors import VendorApi, VendorRequest, VendorResponse
from bridge.provisioning.subscriptions.hook import Hook, read_hook, request_body, value_at
from bridge.provisioning.subscriptions.record import Registered
from bridge.provisioning.subscriptions.refusals import forbidden, refusal
from bridge.provisioning.subscriptions.vendors import BY_PRESET, Vendor
from bridge.telemetry import logger

MAX_PAGES: Final = 20
"""Pages of a list, of 100 webhooks each; GitLab allows 100 webhooks per project."""


@dataclass(frozen=True, slots=True)
class Access:
    """The webhooks at one place, with the credential for them; every method raises VendorError.

    Attributes:
        place: the target, and the events of the webhook there.
        credential: its value.
        hidden: further texts that no message may contain.
    """

    api: VendorApi
    place: Registered
    credential: str = field(repr=False)
    hidden: tuple[str, ...] = field(default=(), repr=False)

    @property
    def vendor(self) -> Vendor:
        """The vendor of the place."""
        return BY_PRESET[self.place.preset]

    def hooks(self) -> list[Hook]:
        """All webhooks of the target, whoever created them."""
        vendor, listing = self.vendor, self.vendor.listing
        found: list[Hook] = []
        query = dict(listing.query)
        for number in range(1, MAX_PAGES + 1):
            if listing.page:
                query[listing.page] = str(number)
            response = self._send("GET", f"?{urlencode(query)}", "list webhooks")
            items = (
                value_at(response.document, listing.items) if listing.items else response.document
            )
            if not isinstance(items, list):
                raise self._unreadable("list webhooks", response)
            found += [read_hook(vendor, item) for item in items if isinstance(item, Mapping)]
            if not _has_more(response, listing.more):
                return found
            if listing.after and found:
                query[listing.after] = found[-1].id
        raise VendorError(
            "Subscription", f"{vendor.title} has more than {MAX_PAGES} pages of webhooks"
        )

    def create(self, url: str, secret: str) -> tuple[Hook, str]:
        """Create the webhook; return it, and its secret. A lost response is not repeated."""
        body = request_body(self.vendor, self.place, url, secret, creates=True)
        response = self._send("POST", "", "create a webhook", body, creates=True, hidden=(secret,))
        hook = self._hook("create a webhook", response)
        answer = self.vendor.presets[self.place.preset].answer
        handed_out = value_at(response.document, answer) if answer else secret
        if not isinstance(handed_out, str) or not handed_out:
            raise self._unreadable("create a webhook", response)
        logger.info("created", extra=self._logged(hook.id))
        return hook, handed_out

    def update(self, hook_id: str, url: str, secret: str) -> Hook:
        """Set URL, events and the bridge's own secret."""
        body = request_body(self.vendor, self.place, url, secret, creates=False)
        response = self._send(
            self.vendor.update,
            f"/{quote(hook_id, safe='')}",
            "update a webhook",
            body,
            hidden=(secret,),
        )
        logger.info("updated", extra=self._logged(hook_id))
        return self._hook("update a webhook", response)

    def delete(self, hook_id: str) -> None:
        """Delete a webhook, unless it no longer exists.

        A 404 alone does not say that: GitHub gives it for a missing permission, too.
        """
        path = f"/{quote(hook_id, safe='')}"
        response = self._send("DELETE", path, "delete a webhook", may_be_missing=True)
        is_missing = response.status == HTTPStatus.NOT_FOUND
        if is_missing and any(hook.id == hook_id for hook in self.hooks()):
            raise forbidden(self.vendor, self.place, "delete a webhook")
        logger.info("deleted", extra=self._logged(hook_id))

    def _send(
        self,
        method: str,
        below: str,
        doing: str,
        body: Mapping[str, Any] | None = None,
        *,
        creates: bool = False,
        may_be_missing: bool = False,
        hidden: Iterable[str] = (),
    ) -> VendorResponse:
        vendor, headers = self.vendor, self._headers()
        content = b""
        if body is not None:
            content, headers["Content-Type"] = _encoded(vendor, body)
        request = VendorRequest(
            vendor.title, method, f"{self._url()}{below}", headers, content, creates, doing
        )
        response = self.api.send(request)
        if response.status < HTTPStatus.MULTIPLE_CHOICES:
            return response
        if response.status == HTTPStatus.NOT_FOUND and may_be_missing:
            return response
        if response.status == HTTPStatus.NOT_FOUND and method == vendor.update and not creates:
            raise VendorError(
                "Subscription",
                f"the webhook was deleted at {vendor.title} at the same time; deploy again",
                retryable=True,
            )
        if response.status == HTTPStatus.NOT_FOUND and method == "GET" and self._shows_target():
            raise forbidden(vendor, self.place, doing)
        raise refusal(vendor, self.place, doing, response, (self.credential, *self.hidden, *hidden))

    def _headers(self) -> dict[str, str]:
        headers = self.vendor.headers.items()
        return {name: text.replace("{credential}", self.credential) for name, text in headers}

    def _shows_target(self) -> bool:
        """Whether the credential may see the repository, organization, project or group."""
        if not self.place.target:
            return False
        url, doing = self._url().rpartition("/")[0], f"show the {self.place.target.lower()}"
        request = VendorRequest(self.vendor.title, "GET", url, self._headers(), b"", False, doing)
        return self.api.send(request).status == HTTPStatus.OK

    def _url(self) -> str:
        target = self.vendor.targets[self.place.target]
        path = target.path.replace("{quoted_target}", quote(self.place.value, safe=""))
        return f"{self.vendor.url}{path.replace('{target}', self.place.value)}"

    def _hook(self, doing: str, response: VendorResponse) -> Hook:
        item = response.document if isinstance(response.document, Mapping) else {}
        hook = read_hook(self.vendor, item)
        if not hook.id:
            raise self._unreadable(doing, response)
        return hook

    def _unreadable(self, doing: str, response: VendorResponse) -> VendorError:
        return VendorError(
            "Subscription",
            f"{self.vendor.title} answers the request to {doing} with another document than it "
            "documents; deploy again",
            status=response.status,
            retryable=True,
        )

    def _logged(self, hook_id: str) -> dict[str, str]:
        return {"vendor": self.vendor.title, "target": self.place.value, "webhook": hook_id}


def _has_more(response: VendorResponse, more: str) -> bool:
    if more:
        return value_at(response.document, more) is True
    return 'rel="next"' in response.headers.get("link", "")


def _encoded(vendor: Vendor, body: Mapping[str, Any]) -> tuple[bytes, str]:
    """The content of a request and its type; lists in forms are `name[0]`, `name[1]` and so on."""
    if vendor.encoding == "json":
        return json.dumps(body).encode(), "application/json"
    pairs = [
        pair
        for name, value in body.items()
        for pair in (
            [(f"{name}[{index}]", each) for index, each in enumerate(value)]
            if isinstance(value, list)
            else [(name, value)]
        )
    ]
    return urlencode(pairs).encode(), "application/x-www-form-urlencoded"
