"""Changes of a sender's request."""

import json
from collections.abc import Callable, Mapping
from copy import replace

from bridge.webhook import Webhook
from tests.support.signing_senders import BODY, CASES, URL, mac

type Change = Callable[[Webhook], Webhook]


def edited(old: str, new: str, header: str = "") -> Change:
    """In one header, or in all of them."""

    def change(webhook: Webhook) -> Webhook:
        headers = {
            name: text.replace(old, new) if header in {"", name} else text
            for name, text in webhook.headers.items()
        }
        assert headers != webhook.headers
        return replace(webhook, headers=headers)

    return change


def more(header: str, text: str) -> Change:
    """Characters at the end of a header."""
    return lambda it: replace(it, headers={**it.headers, header: it.headers[header] + text})


def without(*names: str) -> Change:
    return lambda it: replace(
        it, headers={name: text for name, text in it.headers.items() if name not in names}
    )


def instead(name: str, headers: Callable[[str], Mapping[str, str]], body: bytes = BODY) -> Change:
    """Other headers, made with the secret of a sender."""
    return lambda _: Webhook("POST", URL, headers(CASES[name].secret), body)


def in_body(change: Callable[[dict[str, object]], object]) -> Change:
    def changed(webhook: Webhook) -> Webhook:
        document = json.loads(webhook.body)
        change(document)
        return replace(webhook, body=json.dumps(document).encode())

    return changed


def hex_of(secret: str, text: str, body: bytes = BODY) -> str:
    return mac(secret, text.encode() + body).hex()
