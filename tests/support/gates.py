"""Gates of one provider, and the requests that they verify."""

import json
from collections.abc import Mapping

from bridge.webhook import Webhook
from tests.support.provider_fakes import FakeProviderSites
from tests.support.receiver_fakes import GateHarness, at, source_of
from tests.support.signing_senders import CASES, NOW

TOKEN = "/inlet-bridge/test/secrets/path"
OTHER_TOKEN = "/inlet-bridge/test/secrets/path-2"
PATH_TOKENS = {TOKEN: "a-token-that-nobody-guesses", OTHER_TOKEN: "its-successor-0123456789"}


def gate(name: str, *, pages: bool = False, **changes: object) -> GateHarness:
    """Return a gate for one provider whose sender uses the first of two secrets."""
    case = CASES[name]
    stored = [case.sender.stored(case.secret), case.sender.stored(case.other_secret)]
    published = case.published() if pages else FakeProviderSites()
    sites = FakeProviderSites(published.pages, published.trusted)
    source = source_of(case.declared, 2 if any(stored) else 0, **changes)
    return GateHarness(source, stored, PATH_TOKENS, sites, at(NOW))


def get(url: str, **headers: str) -> Webhook:
    return Webhook(
        "GET", url, {name.replace("_", "-"): text for name, text in headers.items()}, b""
    )


def signed(name: str, body: Mapping[str, object]) -> Webhook:
    return CASES[name].send(body=json.dumps(body).encode())


SUBSCRIPTION = {
    "Type": "SubscriptionConfirmation",
    "Message": "You have chosen to subscribe to the topic",
    "SubscribeURL": (
        "https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription"
        "&TopicArn=arn:aws:sns:eu-west-1:123456789012:orders&Token=2336412f"
    ),
    "Token": "t",
}
