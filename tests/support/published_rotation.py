"""A second key that a provider publishes beside its first, and webhooks that it signs."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Final

import pytest

from inlet_bridge.senders import json_web_tokens
from inlet_bridge.senders.sender import Request, Sending
from tests.support.sending_provider import SendingProvider

_KID: Final = "key-2"
# Addresses of the second key, for providers whose requests name the address.
_ADDRESSES: Final = {
    "SimpleNotificationService-": "SimpleNotificationService-0123",
    "/certs/CERT-": "/certs/CERT-second-",
    "/prod/keys/pub-key-": "/prod/keys/pub-key-second-",
}


def publish_second(of: SendingProvider) -> None:
    """Publish the second key; the first stays."""
    published = of.case.sender.published
    assert published
    with _second_kid():
        pages = published(of.case.other_secret)
    for url, page in pages.items():
        document = _json(page)
        if "keys" in document:
            first = _json(of.sites.pages[url])
            of.sites.pages[url] = json.dumps({"keys": [*first["keys"], *document["keys"]]}).encode()
        elif document:
            of.sites.requested[url, _KID] = page
        else:
            of.sites.pages[_second_address(url)] = page


def send_with_second(of: SendingProvider, body: bytes, headers: Mapping[str, str], id_: str) -> int:
    """Send a webhook that the second key signs; the status of the response."""
    with _second_kid():
        sending = Sending(body, of.case.other_secret, of.clock(), of.url, id_)
        request = of.case.sender.request(sending)
    return of.pass_on(_with_second_address(request), headers)


@contextmanager
def _second_kid() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(json_web_tokens, "_KID", _KID)
        yield


def _with_second_address(request: Request) -> Request:
    """The same request with the address of the second key, which no signature covers."""
    return replace(
        request,
        headers={name: _second_address(text) for name, text in request.headers.items()},
        body=_second_address(request.body.decode()).encode(),
    )


def _second_address(text: str) -> str:
    for first, second in _ADDRESSES.items():
        text = text.replace(first, second)
    return text


def _json(page: bytes) -> dict[str, list[object]]:
    """The document of a page; empty if it is a certificate or a key."""
    return json.loads(page) if page.startswith(b"{") else {}
