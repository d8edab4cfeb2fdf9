"""Senders that sign only the body."""

from inlet_bridge.senders.sender import Sender, b64, mac


def hex_of_body(header: str, prefix: str = "", name: str = "sha256") -> Sender:
    """An HMAC in hex, after a prefix."""
    return Sender(lambda it: {header: prefix + mac(it.secret, it.body, name).hex()})


def base64_of_body(header: str, prefix: str = "") -> Sender:
    """An HMAC in base64, after a prefix."""
    return Sender(lambda it: {header: prefix + b64(mac(it.secret, it.body))})


SHOPIFY = Sender(
    base64_of_body("x-shopify-hmac-sha256").sign,
    always={
        "x-shopify-topic": "orders/create",
        "x-shopify-shop-domain": "acme.myshopify.com",
        "x-shopify-api-version": "2026-01",
    },
    describe=lambda it: {"x-shopify-webhook-id": it.delivery_id},
)
ADYEN_HEADER = Sender(
    lambda it: {"hmacsignature": b64(mac(bytes.fromhex(it.secret), it.body))},
)

# https://getstream.io/chat/docs/node/webhooks_overview/
GETSTREAM = Sender(
    hex_of_body("x-signature").sign,
    describe=lambda it: {
        "x-api-key": "a1b23cdefgh4",
        "x-webhook-attempt": "1",
        "x-webhook-id": it.delivery_id,
    },
)

BODIES = {
    "adyen_header": ADYEN_HEADER,
    "asana": hex_of_body("x-hook-signature"),
    "bitbucket": hex_of_body("x-hub-signature", "sha256="),
    "docusign": base64_of_body("x-docusign-signature-1"),
    "dropbox": hex_of_body("x-dropbox-signature"),
    "getstream": GETSTREAM,
    "github": hex_of_body("x-hub-signature-256", "sha256="),
    "github_sha1": hex_of_body("x-hub-signature", "sha1=", "sha1"),
    "gocardless": hex_of_body("webhook-signature"),
    "intercom": hex_of_body("x-hub-signature", "sha1=", "sha1"),
    "jira": hex_of_body("x-hub-signature", "sha256="),
    "line": base64_of_body("x-line-signature"),
    "meta": hex_of_body("x-hub-signature-256", "sha256="),
    "notion": hex_of_body("x-notion-signature", "sha256="),
    "pagerduty": hex_of_body("x-pagerduty-signature", "v1="),
    "razorpay": hex_of_body("x-razorpay-signature"),
    "segment": hex_of_body("x-signature", name="sha1"),
    "sentry": hex_of_body("sentry-hook-signature"),
    "shopify": SHOPIFY,
    "typeform": base64_of_body("typeform-signature", "sha256="),
    "vercel": hex_of_body("x-vercel-signature", name="sha1"),
    "woocommerce": base64_of_body("x-wc-webhook-signature"),
    # https://docs.x.com/x-api/webhooks/quickstart
    "x_twitter": base64_of_body("x-twitter-webhooks-signature-oauth2", "sha256="),
    "xero": base64_of_body("x-xero-signature"),
}
