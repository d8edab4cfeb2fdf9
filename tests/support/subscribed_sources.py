"""Sources with a `Subscription` at each vendor, and what must be true of their webhooks."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bridge.provisioning.custom_resource import CustomResourceRequest
from bridge.provisioning.subscriptions.hook import bears, mark_of
from bridge.provisioning.subscriptions.record import SubscriptionRecord
from tests.support import github_stand_in, gitlab_stand_in, stripe_stand_in
from tests.support.declarations import connection, event
from tests.support.provisioning_bench import STAGE, Bench
from tests.support.vendor_account import StoredHook

PATH = f"/inlet-bridge/{STAGE}"
CREDENTIAL = f"{PATH}/credentials/vendor"
SECRET = f"{PATH}/secrets/subscriptions/hooks"


@dataclass(frozen=True)
class Case:
    """A vendor.

    Attributes:
        token: may write.
        target: the property of what has the webhook; `moved` is another one.
        events, others: two choices.
    """

    preset: str
    host: str
    token: str
    target: Mapping[str, str]
    moved: Mapping[str, str]
    events: tuple[str, ...]
    others: tuple[str, ...]

    def properties(self, **changed: Any) -> dict[str, Any]:
        """The properties of a source; None removes one of its `Subscription`."""
        subscription = {
            "Credential": CREDENTIAL,
            "Events": list(self.events),
            **self.target,
            **changed,
        }
        return {
            "Name": "hooks",
            "Provider": self.preset,
            "Connection": "orders",
            "Subscription": {name: each for name, each in subscription.items() if each is not None},
        }

    def hooks(self, bench: Bench) -> list[StoredHook]:
        """The webhooks that the bridge created."""
        mark = mark_of(bench.installation, STAGE, "hooks")
        hooks = bench.vendors.accounts[self.host].hooks.values()
        return [hook for hook in hooks if bears(url_of(hook), mark)]


GITHUB = Case(
    "github",
    "api.github.com",
    github_stand_in.TOKEN,
    {"Repository": "acme/shop"},
    {"Repository": "acme/blog"},
    ("push", "pull_request"),
    ("push", "issues"),
)
ORGANIZATION = Case(
    "github",
    "api.github.com",
    github_stand_in.TOKEN,
    {"Organization": "acme"},
    {"Repository": "acme/blog"},
    ("*",),
    ("push",),
)
GITLAB = Case(
    "gitlab_token",
    "gitlab.com",
    gitlab_stand_in.TOKEN,
    {"Project": "acme/shop"},
    {"Project": "acme/blog"},
    ("push_events", "issues_events"),
    ("merge_requests_events",),
)
SIGNED = Case(
    "gitlab_signing_token",
    "gitlab.com",
    gitlab_stand_in.TOKEN,
    {"Project": "acme/shop"},
    {"Group": "acme"},
    ("push_events",),
    ("note_events",),
)
STRIPE = Case(
    "stripe",
    "api.stripe.com",
    stripe_stand_in.KEY,
    {},
    {},
    ("charge.succeeded", "charge.refunded"),
    ("*",),
)
CASES = {
    "github": GITHUB,
    "github organization": ORGANIZATION,
    "gitlab": GITLAB,
    "gitlab signed": SIGNED,
    "stripe": STRIPE,
}


def url_of(hook: StoredHook) -> str:
    """The URL that a webhook calls, whatever the vendor."""
    return str(hook.shown.get("config", hook.shown)["url"])


def world(case: Case) -> Bench:
    """A connection and the credential of a vendor, which has a webhook of somebody else."""
    bench = Bench()
    bench.apply(connection(), "arn:aws:cloudformation:x/OrdersConnection")
    bench.values[CREDENTIAL] = case.token
    bench.clock.advance(3_600)
    bench.set_cut()
    return bench


def request(bench: Bench, kind: str, properties: Mapping[str, Any]) -> Any:
    """Serve a request of CloudFormation, in a new process."""
    existing = None if kind == "Create" else f"inlet-bridge/{STAGE}/sources/hooks"
    sent = event(kind, properties, existing, resource="Custom::WebhookSource", logical_id="Hooks")
    return CustomResourceRequest(sent, STAGE).serve(bench.provisioner())


def record_of(bench: Bench) -> SubscriptionRecord:
    return SubscriptionRecord.from_text(bench.values[f"{PATH}/sources/hooks/subscription"])


def assert_one_webhook(bench: Bench, case: Case, place: str = "") -> StoredHook:
    """One webhook, whose secret is in SSM, and which the record knows; return it."""
    [hook] = case.hooks(bench)
    assert hook.secret
    assert bench.values[SECRET] == hook.secret
    record = record_of(bench)
    assert record.current
    assert record.current.id == hook.id
    assert not record.former
    assert url_of(hook).startswith(f"{bench.webhook_url}/webhooks/hooks?")
    assert place in hook.place
    assert f"{PATH}/sources/hooks" in bench.values
    plain = {
        name: text
        for name, text in bench.values.items()
        if "/secrets/" not in name and "/credentials/" not in name
    }
    assert hook.secret not in str(plain)
    assert case.token not in str(plain)
    return hook


def assert_nothing(bench: Bench, case: Case) -> None:
    """Neither a webhook nor a parameter of the source."""
    assert case.hooks(bench) == []
    assert not [name for name in bench.values if "/sources/" in name or "subscriptions" in name]
