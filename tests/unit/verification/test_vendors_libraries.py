"""The bridge and the vendors' own libraries agree on the same webhooks."""

from collections.abc import Callable
from copy import replace
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs

import braintree
import pytest
import standardwebhooks
import stripe
from slack_sdk.signature import SignatureVerifier

from bridge.errors import InvalidSignatureError
from bridge.verification.verify import verify
from bridge.webhook import Webhook
from tests.support.receiver_fakes import GateHarness, at, source_of
from tests.support.signing_senders import BODY, CASES, NOW

type Ask = Callable[[Webhook, str], bool]


def ask_stripe(webhook: Webhook, secret: str) -> bool:
    header = webhook.headers.get("stripe-signature", "")
    try:
        stripe.WebhookSignature.verify_header(webhook.body.decode(), header, secret, 300)
    except stripe.SignatureVerificationError:
        return False
    return True


def ask_slack(webhook: Webhook, secret: str) -> bool:
    return SignatureVerifier(secret).is_valid_request(webhook.body, dict(webhook.headers))


def ask_standard_webhooks(webhook: Webhook, secret: str) -> bool:
    try:
        standardwebhooks.Webhook(secret).verify(webhook.body, dict(webhook.headers))
    except standardwebhooks.WebhookVerificationError:
        return False
    return True


def gateway(secret: str) -> braintree.WebhookNotificationGateway:
    return braintree.BraintreeGateway(
        braintree.Configuration(
            braintree.Environment.Sandbox,
            merchant_id="merchant",
            public_key="public-1",
            private_key=secret,
        )
    ).webhook_notification


def ask_braintree(webhook: Webhook, secret: str) -> bool:
    fields = parse_qs(webhook.body.decode())
    try:
        gateway(secret).parse(fields["bt_signature"][0], fields["bt_payload"][0])
    except (braintree.exceptions.invalid_signature_error.InvalidSignatureError, KeyError):
        return False
    return True


@dataclass(frozen=True)
class Vendor:
    """A library and two secrets for it."""

    name: str
    ask: Ask
    secrets: tuple[str, str]
    body: bytes = BODY


NOTIFICATION = b"<notification><kind>check</kind><timestamp/><subject/></notification>"
VENDORS = [
    Vendor("stripe", ask_stripe, ("whsec_9c1f2b7e", "whsec_other")),
    Vendor("slack", ask_slack, ("9c1f2b7e", "other")),
    Vendor("standard_webhooks", ask_standard_webhooks, ("whsec_a2tra2s=", "whsec_b29vb28=")),
    Vendor("openai", ask_standard_webhooks, ("whsec_a2tra2s=", "whsec_b29vb28=")),
    Vendor("braintree", ask_braintree, ("private-1", "private-2"), NOTIFICATION),
]


def bridge_says(vendor: Vendor, webhook: Webhook, now: datetime) -> bool:
    try:
        verify(CASES[vendor.name].declared.scheme, webhook, [vendor.secrets[0]], now)
    except InvalidSignatureError:
        return False
    return True


def sent(vendor: Vendor, change: str) -> Webhook:
    """A changed webhook; the libraries use the system clock."""
    case, (secret, other) = CASES[vendor.name], vendor.secrets
    now = datetime.now(UTC)
    offsets = {"stale": -400, "late": -200, "early": 200, "future": 400}
    offset = timedelta(seconds=offsets.get(change, 0))
    used = other if change == "another secret" else secret
    webhook = case.send(used, at=now + offset, body=vendor.body)
    headers = dict(webhook.headers)
    name = next((header for header in headers if "signature" in header), "")
    match change:
        case "altered body":
            return replace(webhook, body=webhook.body.replace(b"e", b"f", 1) + b"0")
        case "longer body":
            return replace(webhook, body=webhook.body + b" ")
        case "no proof":
            return Webhook("POST", webhook.url, {}, b"a=b")
        case "shorter signature" if name:
            headers[name] = headers[name][:-1]
        case "upper case" if name:
            headers[name] = headers[name].upper()
        case "two signatures" if vendor.name == "stripe":
            former = case.send(other, at=now, body=vendor.body).headers[name]
            headers[name] = f"{former},{headers[name].partition(',')[2]}"
        case "two signatures" if name.startswith("webhook"):
            former = case.send(other, at=now, body=vendor.body).headers[name]
            headers[name] = f"{former} {headers[name]}"
    return replace(webhook, headers=headers)


@pytest.mark.parametrize("vendor", VENDORS, ids=lambda vendor: vendor.name)
@pytest.mark.parametrize(
    "change",
    [
        "nothing",
        "another secret",
        "altered body",
        "longer body",
        "no proof",
        "stale",
        "late",
        "early",
        "future",
        "shorter signature",
        "upper case",
        "two signatures",
    ],
)
def test_bridge_agrees_with_the_vendors_library(vendor: Vendor, change: str) -> None:
    webhook = sent(vendor, change)
    try:
        theirs = vendor.ask(webhook, vendor.secrets[0])
    except (ValueError, UnicodeError, KeyError):  # Some libraries raise to reject.
        theirs = False

    assert bridge_says(vendor, webhook, datetime.now(UTC)) is theirs
    assert theirs or change != "nothing"


def test_response_to_braintrees_challenge_equals_that_of_its_library() -> None:
    case = CASES["braintree"]
    challenge = "20f9f8ed05f77439fe955c977e4c8a53"
    gate = GateHarness(source_of(case.declared), ["private-1"], clock=at(NOW))

    reply = gate.reply(Webhook("GET", f"https://x/y?bt_challenge={challenge}", {}, b""))

    assert reply.body == gateway("private-1").verify(challenge)
