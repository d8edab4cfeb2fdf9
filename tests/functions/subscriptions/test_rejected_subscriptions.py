"""A subscription that cannot be made leaves nothing and names the way out."""

from collections.abc import Mapping
from typing import Any

import pytest

from inlet_bridge.local.parameters import missing_secrets
from tests.support.provisioner_cloud import Cloud
from tests.support.subscription_cases import CASES, delete, only_hook, properties, secret, update
from tests.support.vendor_stand_ins import VendorStandIns

REJECTED: list[tuple[str, str, Mapping[str, Any], str]] = [
    ("github", "revoked", {}, "Subscription.Credential: GitHub does not accept"),
    ("stripe", "revoked", {}, "Subscription.Credential: Stripe does not accept"),
    (
        "github",
        "github-read-only",
        {},
        "a token with the repository permission Webhooks, read and write",
    ),
    ("gitlab_token", "gitlab-developer", {}, "with the scope api and the role Maintainer"),
    ("stripe", "stripe-read-only", {}, "the permission Webhook Endpoints, write"),
    ("github", "", {"Repository": "acme/no"}, "Subscription.Repository: GitHub has no repository"),
    ("gitlab_token", "", {"Project": "acme/no"}, "Subscription.Project: GitLab has no project"),
    ("github", "", {"Events": ["pushed"]}, "Subscription.Events: GitHub rejects an event"),
    ("stripe", "", {"Events": ["charge.no"]}, "Subscription.Events: Stripe rejects an event"),
    ("gitlab_token", "", {"Events": ["issue_events"]}, "of GitLab; is it issues_events?"),
    ("github", "", {"Project": "acme/shop"}, "Subscription.Project: is not for webhooks of GitHub"),
    ("github", "none", {}, "credentials/none does not exist"),
    ("stripe", "", {"Credential": "rk_live_NEVERSEEN"}, "never the credential itself"),
]


@pytest.mark.parametrize("rejected", REJECTED)
def test_rejected_subscription_leaves_nothing_and_names_the_way_out(
    cloud: Cloud, vendors: VendorStandIns, rejected: tuple[str, str, Mapping[str, Any], str]
) -> None:
    preset, credential, changed, reason = rejected
    failed = cloud.send("source-create", **properties(preset, credential, **changed))

    assert failed["Status"] == "FAILED"
    assert reason in failed["Reason"]
    assert failed["Reason"].startswith("Subscription")
    assert len(failed["Reason"]) < 400
    for token in ("NEVERSEEN", "REVOKED", "READONLY"):
        assert token not in failed["Reason"]
    assert vendors.accounts[CASES[preset][0]].hooks == {}
    assert not [name for name in cloud.parameters() if "/sources/" in name]
    assert secret() == ""
    deleted = cloud.send("source-delete", failed["PhysicalResourceId"])
    assert deleted["Status"] == "SUCCESS", deleted["Reason"]


def test_local_cloud_recognises_the_missing_credential(cloud: Cloud) -> None:
    failed = cloud.send("source-create", **properties("github", "none"))

    assert missing_secrets(failed["Reason"]) == {"/inlet-bridge/dev/credentials/none"}


def test_webhook_of_somebody_else_at_the_same_url_is_not_adopted(
    cloud: Cloud, vendors: VendorStandIns
) -> None:
    assert cloud.send("source-create", **properties("stripe"))["Status"] == "SUCCESS"
    account = vendors.accounts["api.stripe.com"]
    hook = only_hook(account)
    assert delete(cloud)["Status"] == "SUCCESS"
    hook.shown["url"] = hook.shown["url"].partition("?")[0]
    account.hooks[hook.id] = hook

    failed = cloud.send("source-create", **properties("stripe"))

    assert failed["Status"] == "FAILED"
    assert failed["Reason"].startswith(f"Subscription: webhook {hook.id} at Stripe calls the URL")
    assert list(account.hooks) == [hook.id]


def test_renamed_repository_is_named_and_leaves_nothing_after_the_correction(
    cloud: Cloud, vendors: VendorStandIns
) -> None:
    """https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api."""
    account = vendors.accounts["api.github.com"]
    assert cloud.send("source-create", **properties("github"))["Status"] == "SUCCESS"
    account.renamed["repos/acme/shop"] = "repos/acme/store"
    account.places.add("repos/acme/store")
    only_hook(account).place = "repos/acme/store"

    for failed in (update(cloud, properties("github")), delete(cloud)):
        assert failed["Status"] == "FAILED"
        assert failed["Reason"].startswith(
            "Subscription.Repository: repository acme/shop was renamed or moved at GitHub"
        )
    assert len(account.hooks) == 1

    corrected = properties("github", Repository="acme/store")
    assert update(cloud, corrected)["Status"] == "SUCCESS"
    assert only_hook(account).secret == secret()
    assert cloud.ask(action="status", source="hooks")["source"]["subscription"]["drift"] == []
    assert delete(cloud)["Status"] == "SUCCESS"
    assert account.hooks == {}


def test_two_sources_with_one_url_are_named_as_such(cloud: Cloud, vendors: VendorStandIns) -> None:
    given = {**properties("stripe"), "PublicUrl": "https://hooks.example.com/stripe"}
    assert cloud.send("source-create", **given)["Status"] == "SUCCESS"

    failed = cloud.send("source-create", **{**given, "Name": "hooks-2"})

    assert failed["Status"] == "FAILED"
    assert "is that of another source, stage or account" in failed["Reason"]
    assert len(vendors.accounts["api.stripe.com"].hooks) == 1
