"""Senders that leave a header out, or spell it in another way."""

import json
from collections.abc import Mapping
from copy import replace

import pytest

from bridge.webhook import Webhook
from inlet_bridge.senders.sender import Sending
from tests.support.handled_source import handled, handled_preset
from tests.support.signing_senders import BODY, CASES, NOW, URL

# https://github.com/Shopify/shopify-app-js/blob/main/packages/apps/shopify-api/lib/webhooks/types.ts
EVENTS = {
    "x-shopify-hmac-sha256": "shopify-hmac-sha256",
    "x-shopify-topic": "shopify-topic",
    "x-shopify-shop-domain": "shopify-shop-domain",
    "x-shopify-api-version": "shopify-api-version",
    "x-shopify-webhook-id": "shopify-webhook-id",
}
SVIX = {f"svix-{part}": f"webhook-{part}" for part in ("id", "timestamp", "signature")}
RENAMED: Mapping[str, Mapping[str, str]] = {
    "shopify": EVENTS,
    "svix": SVIX,
    "standard_webhooks_v1a": {new: old for old, new in SVIX.items()},
}

renamed_headers = pytest.mark.parametrize("name", RENAMED)


def renamed(name: str, webhook: Webhook) -> Webhook:
    names = RENAMED[name]
    headers = {names.get(header, header): text for header, text in webhook.headers.items()}
    assert headers != webhook.headers
    return replace(webhook, headers=headers)


def without(webhook: Webhook, *names: str) -> Webhook:
    headers = {name: text for name, text in webhook.headers.items() if name not in names}
    return replace(webhook, headers=headers)


@pytest.mark.parametrize(
    "missing",
    [
        ["x-shopify-shop-domain"],
        ["x-shopify-api-version"],
        ["x-shopify-webhook-id"],
        ["x-shopify-topic"],
        ["x-shopify-shop-domain", "x-shopify-api-version", "x-shopify-webhook-id"],
    ],
)
def test_compliance_webhook_of_shopify_is_accepted(
    missing: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """https://shopify.dev/docs/apps/build/compliance/privacy-law-compliance."""
    handled = handled_preset("shopify", monkeypatch)

    answer = handled.send(without(CASES["shopify"].send(), *missing))

    assert answer.status == 200
    assert len(handled.inlet.requests) == 1


@pytest.mark.parametrize("name", sorted(CASES))
def test_header_that_proves_nothing_is_not_required(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of all the headers that the senders always send."""
    case = CASES[name]
    handled, webhook = handled_preset(name, monkeypatch), case.send()
    expected = handled.send(webhook).status
    proofs = set(case.sender.sign(Sending(BODY, case.secret, NOW, URL)))
    # Box's library compares both with what it can verify.
    proofs |= {"box-signature-version", "box-signature-algorithm"}
    for header in set(webhook.headers) - proofs:
        fresh = handled_preset(name, monkeypatch)

        assert fresh.send(without(webhook, header)).status == expected, header


@renamed_headers
def test_both_spellings_are_accepted(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    handled, webhook = handled_preset(name, monkeypatch), CASES[name].send()

    answers = [handled.send(webhook), handled.send(renamed(name, webhook))]

    ids = {json.loads(answer.body)["delivery_id"] for answer in answers}
    assert [answer.status for answer in answers] == [200, 200]
    assert len(ids) == 1, "the spelling is no part of the id"
    assert len(handled.inlet.requests) == 1, "the second one is a repetition"


@renamed_headers
def test_renamed_header_needs_a_proof(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    handled, webhook = handled_preset(name, monkeypatch), CASES[name].send()
    changed = replace(renamed(name, webhook), body=webhook.body + b" ")

    assert handled.send(changed).status == 401


@pytest.mark.parametrize("name", ["svix", "standard_webhooks_v1a"])
def test_header_of_the_other_spelling_does_not_change_a_signed_value(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A captured webhook with a second id is rejected, or counts as the first."""
    webhook = CASES[name].send()
    for before in (webhook, renamed(name, webhook)):
        for other in RENAMED[name].items():
            for header in other:
                handled = handled_preset(name, monkeypatch)
                assert handled.send(before).status == 200
                added = {header: "other"} if header not in before.headers else {}
                repeated = replace(before, headers={**before.headers, **added})

                assert handled.send(repeated).status in {200, 401}
                assert len(handled.inlet.requests) == 1


@pytest.mark.parametrize(
    ("query", "signed", "status"),
    [
        ("a=%3A%2F%3F%40%21%24%27%28%29%2A%2C%3B", "a=:/?@!$'()*,;", 200),
        ("a=%3a%26b%3D1", "a=:%26b%3D1", 200),
        ("a=%3A", "a=%3A", 200),
        ("a=%26b%3D1", "a=&b=1", 401),
        ("a=%20", "a= ", 401),
        ("a=%3A", "a=%2F", 401),
    ],
)
def test_hubspot_signs_a_url_with_decoded_escapes(
    query: str, signed: str, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """https://developers.hubspot.com/docs/api/webhooks/validating-requests."""
    base = URL.partition("?")[0]
    webhook = CASES["hubspot_v3"].send(url=f"{base}?{signed}")
    sent = replace(webhook, url=f"{base}?{query}")

    assert handled_preset("hubspot_v3", monkeypatch).send(sent).status == status


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("api.paypal.com", 200),
        ("api.sandbox.paypal.com", 200),
        ("api-m.paypal.com", 200),
        ("api-m.sandbox.paypal.com", 200),
        ("api-x.paypal.com", 401),
        ("api.paypal.com.example.com", 401),
    ],
)
def test_certificate_is_fetched_from_each_host_of_paypals_api(
    host: str, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """https://developer.paypal.com/api/rest/requests/ names them."""
    case, webhook = CASES["paypal"], CASES["paypal"].send()
    published = case.published()
    [page] = published.pages.values()
    url = webhook.headers["paypal-cert-url"].replace("api.paypal.com", host)
    published.pages[url] = page
    handled_source = handled(case.declared, [], monkeypatch, published)

    sent = replace(webhook, headers={**webhook.headers, "paypal-cert-url": url})
    assert handled_source.send(sent).status == status


@pytest.mark.parametrize("number", [1, 2, 11, 100])
def test_each_of_docusigns_signature_headers_is_tried(
    number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An account has up to 100 keys.

    https://developers.docusign.com/platform/webhooks/connect/hmac/
    """
    case = CASES["docusign"]
    signature = case.send().headers["x-docusign-signature-1"]
    other = case.send(case.other_secret).headers["x-docusign-signature-1"]
    headers = {f"x-docusign-signature-{index}": other for index in range(1, number)}
    headers[f"x-docusign-signature-{number}"] = signature
    webhook = Webhook("POST", URL, headers, BODY)

    assert handled_preset("docusign", monkeypatch).send(webhook).status == 200
    assert case.accepts(webhook, now=NOW)
    headers[f"x-docusign-signature-{number}"] = other
    assert handled_preset("docusign", monkeypatch).send(webhook).status == 401
