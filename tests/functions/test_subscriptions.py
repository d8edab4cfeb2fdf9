"""The deployed provisioner registers webhooks at the vendors: handler, SSM, roles, log.

The stand-ins of the vendors are behind `PublicHttps`, so everything above the socket is real.
"""

import json
import logging
from collections.abc import Iterator, Mapping
from typing import Any

import boto3
import pytest

from bridge.adapters.http.public_https import Page, PublicHttps
from tests.support import github_stand_in, gitlab_stand_in, stripe_stand_in, vendor_stand_ins
from tests.support.provisioner_cloud import Cloud, provisioner_cloud
from tests.support.subscribed_sources import url_of
from tests.support.vendor_account import Account, Call, StandInResponse
from tests.support.vendor_stand_ins import VendorStandIns

STAGE = "/inlet-bridge/dev"
CREDENTIALS = f"{STAGE}/credentials"
TOKENS = {
    "github": github_stand_in.TOKEN,
    "github-read-only": github_stand_in.READ_ONLY,
    "gitlab": gitlab_stand_in.TOKEN,
    "gitlab-developer": gitlab_stand_in.DEVELOPER,
    "stripe": stripe_stand_in.KEY,
    "stripe-read-only": stripe_stand_in.READ_ONLY,
    "github-rotated": github_stand_in.TOKEN,
    "gitlab-rotated": gitlab_stand_in.TOKEN,
    "stripe-rotated": stripe_stand_in.KEY,
    "revoked": "rk_test_REVOKED",
}
CASES: dict[str, tuple[str, Mapping[str, Any], list[str]]] = {
    "github": ("api.github.com", {"Repository": "acme/shop", "Events": ["push"]}, ["issues"]),
    "gitlab_token": (
        "gitlab.com",
        {"Project": "acme/shop", "Events": ["push_events"]},
        ["note_events"],
    ),
    "stripe": ("api.stripe.com", {"Events": ["charge.succeeded"]}, ["charge.refunded"]),
}


@pytest.fixture
def vendors(monkeypatch: pytest.MonkeyPatch) -> VendorStandIns:
    vendors = VendorStandIns()

    def exchange(
        _self: PublicHttps,
        method: str,
        url: str,
        headers: Mapping[str, str],
        content: bytes,
        **_limits: Any,
    ) -> Page:
        host, _, target = url.removeprefix("https://").partition("/")
        given = vendors.serve(host, method, f"/{target}", headers, content)
        body = b"" if given.document is None else json.dumps(given.document).encode()
        return Page(given.status, body, given.headers)

    monkeypatch.setattr(PublicHttps, "exchange", exchange)
    return vendors


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch, vendors: VendorStandIns) -> Iterator[Cloud]:
    assert vendors.calls == []
    with provisioner_cloud(monkeypatch) as cloud:
        ssm = boto3.client("ssm")
        for name, token in TOKENS.items():
            ssm.put_parameter(Name=f"{CREDENTIALS}/{name}", Value=token, Type="SecureString")
        created = cloud.send("connection-create")
        assert created["Status"] == "SUCCESS", created["Reason"]
        yield cloud


def properties(preset: str, credential: str = "", **changed: Any) -> dict[str, Any]:
    name = credential or preset.partition("_")[0]
    subscription = {"Credential": f"{CREDENTIALS}/{name}", **CASES[preset][1], **changed}
    return {
        "Name": "hooks",
        "Provider": preset,
        "Connection": "orders",
        "Secrets": [],
        "Subscription": subscription,
    }


def secret() -> str:
    name = f"{STAGE}/secrets/subscriptions/hooks"
    found = boto3.client("ssm").get_parameters(Names=[name], WithDecryption=True)["Parameters"]
    assert all(each["Type"] == "SecureString" for each in found)
    return found[0]["Value"] if found else ""


def update(cloud: Cloud, given: Mapping[str, Any]) -> dict[str, Any]:
    return cloud.send("source-update", "inlet-bridge/dev/sources/hooks", **given)


def delete(cloud: Cloud) -> dict[str, Any]:
    return cloud.send("source-delete", "inlet-bridge/dev/sources/hooks")


def only_hook(account: Account) -> Any:
    [hook] = account.hooks.values()
    return hook


@pytest.mark.parametrize("preset", CASES)
def test_webhook_is_registered_updated_and_removed_with_its_source(
    cloud: Cloud, vendors: VendorStandIns, preset: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    host, _, others = CASES[preset]
    account = vendors.accounts[host]

    created = cloud.send("source-create", **properties(preset))
    assert created["Status"] == "SUCCESS", created["Reason"]
    hook = only_hook(account)
    assert hook.secret == secret()
    path = "https://a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com/webhooks/hooks?subscription="
    assert url_of(hook).startswith(path)
    calls = len(vendors.calls)
    assert update(cloud, properties(preset))["Status"] == "SUCCESS"
    assert len(vendors.calls) == calls + 1  # An unchanged subscription costs one list.

    assert update(cloud, properties(preset, Events=others))["Status"] == "SUCCESS"
    assert others[0] in str(only_hook(account).shown)
    assert only_hook(account).id == hook.id
    rotated = properties(preset, f"{preset.partition('_')[0]}-rotated", Events=others)
    assert update(cloud, rotated)["Status"] == "SUCCESS"
    known, answers = {hook.secret, *TOKENS.values()}, str(cloud.listener.answers)

    deleted = delete(cloud)
    assert deleted["Status"] == "SUCCESS", deleted["Reason"]
    assert account.hooks == {}
    assert secret() == ""
    assert not [name for name in cloud.parameters() if "/sources/" in name]

    ours = (record for record in caplog.records if record.name not in ("responses", "botocore"))
    logged = " ".join(str(vars(record)) for record in ours if "botocore" not in record.name)
    assert "vendor responded" in logged
    for text in known:
        assert text not in logged
        assert text not in answers + str(cloud.listener.answers)
        assert text not in str(cloud.parameters())


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


@pytest.mark.parametrize("preset", CASES)
def test_webhook_that_was_deleted_or_changed_at_the_vendor_is_drift_and_is_repaired(
    cloud: Cloud, vendors: VendorStandIns, preset: str
) -> None:
    host, _, others = CASES[preset]
    account = vendors.accounts[host]
    assert cloud.send("source-create", **properties(preset))["Status"] == "SUCCESS"
    assert cloud.ask(action="drift")["drift"] == {"orders": 0}
    assert cloud.ask(action="repair", source="hooks") == {"ok": True, "repaired": False}

    account.hooks.clear()
    assert cloud.ask(action="drift")["drift"] == {"orders": 1}
    status = cloud.ask(action="status", source="hooks")["source"]["subscription"]
    assert status["drift"][0].endswith("no longer has the webhook")
    assert cloud.ask(action="repair", source="hooks") == {"ok": True, "repaired": True}
    hook = only_hook(account)
    assert hook.secret == secret()

    hook.shown |= {"active": False, "enabled_events": others, "push_events": False}
    assert cloud.ask(action="drift")["drift"] == {"orders": 1}
    assert cloud.ask(action="repair", source="hooks")["repaired"]
    assert cloud.ask(action="drift")["drift"] == {"orders": 0}
    assert only_hook(account).id == hook.id


def test_vendor_that_does_not_respond_is_no_drift(cloud: Cloud, vendors: VendorStandIns) -> None:
    assert cloud.send("source-create", **properties("stripe"))["Status"] == "SUCCESS"
    vendors.accounts["api.stripe.com"].forced = [StandInResponse(503)] * 5

    assert cloud.ask(action="drift")["drift"] == {"orders": 0}


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


def test_path_token_is_in_the_url_and_nowhere_else(
    cloud: Cloud, vendors: VendorStandIns, caplog: pytest.LogCaptureFixture
) -> None:
    token = "path-token-NEVERSEEN"
    name = f"{STAGE}/secrets/hooks-path"
    boto3.client("ssm").put_parameter(Name=name, Value=token, Type="SecureString")

    created = cloud.send("source-create", **properties("github"), PathTokens=[name])

    assert created["Status"] == "SUCCESS", created["Reason"]
    assert f"/webhooks/hooks/{token}?" in url_of(only_hook(vendors.accounts["api.github.com"]))
    ours = (record for record in caplog.records if "botocore" not in record.name)
    assert token not in " ".join(str(vars(each)) for each in ours if each.name != "responses")
    assert token not in str(cloud.parameters()) + str(cloud.listener.answers)


def test_repository_that_is_gone_does_not_prevent_the_deletion(
    cloud: Cloud, vendors: VendorStandIns
) -> None:
    assert cloud.send("source-create", **properties("github"))["Status"] == "SUCCESS"
    vendors.accounts["api.github.com"].places.clear()

    deleted = delete(cloud)

    assert deleted["Status"] == "SUCCESS"
    assert "GitHub has no repository acme/shop" in deleted["Reason"]


@pytest.mark.parametrize(
    ("token", "reason"),
    [
        (
            github_stand_in.NO_HOOKS,
            "may not list webhooks at GitHub; it needs a token",
        ),
        (github_stand_in.LISTS_ONLY, "may not delete a webhook at GitHub; it needs a token"),
    ],
)
def test_404_for_a_missing_permission_is_no_proof_of_removal(
    cloud: Cloud, vendors: VendorStandIns, token: str, reason: str
) -> None:
    assert cloud.send("source-create", **properties("github"))["Status"] == "SUCCESS"
    account = vendors.accounts["api.github.com"]
    may = account.tokens.pop(github_stand_in.TOKEN)
    account.tokens[github_stand_in.TOKEN] = account.tokens[token]

    failed = delete(cloud)
    assert failed["Status"] == "FAILED"
    assert failed["Reason"].startswith("Subscription.Credential: /inlet-bridge/dev/credentials/")
    assert reason in failed["Reason"]

    account.tokens[github_stand_in.TOKEN] = may
    assert delete(cloud)["Status"] == "SUCCESS"
    assert account.hooks == {}


def test_webhook_that_is_deleted_meanwhile_is_removed(
    cloud: Cloud, vendors: VendorStandIns, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert cloud.send("source-create", **properties("github"))["Status"] == "SUCCESS"
    account = vendors.accounts["api.github.com"]
    serve = github_stand_in.answer

    def delete_before(at: Account, call: Call) -> StandInResponse:
        if call.method == "DELETE":
            at.hooks.clear()
        return serve(at, call)

    monkeypatch.setitem(vendor_stand_ins._ANSWERS, "api.github.com", delete_before)  # noqa: SLF001

    assert delete(cloud)["Status"] == "SUCCESS"
    assert account.hooks == {}


def test_deletion_waits_for_a_valid_credential(cloud: Cloud, vendors: VendorStandIns) -> None:
    assert cloud.send("source-create", **properties("stripe"))["Status"] == "SUCCESS"
    account = vendors.accounts["api.stripe.com"]
    may = account.tokens.pop(stripe_stand_in.KEY)

    failed = delete(cloud)
    assert failed["Status"] == "FAILED"
    assert failed["Reason"].startswith("Subscription.Credential: Stripe does not accept")

    account.tokens[stripe_stand_in.KEY] = may
    assert delete(cloud)["Status"] == "SUCCESS"
    assert account.hooks == {}


@pytest.mark.parametrize("preset", ["github", "gitlab_token"])
def test_secret_that_was_removed_at_the_vendor_is_drift_and_is_set_again(
    cloud: Cloud, vendors: VendorStandIns, preset: str
) -> None:
    """GitHub shows a secret as asterisks, GitLab as `token_present`."""
    assert cloud.send("source-create", **properties(preset))["Status"] == "SUCCESS"
    hook = only_hook(vendors.accounts[CASES[preset][0]])
    hook.shown.get("config", {}).pop("secret", None)
    hook.shown["token_present"], hook.secret = False, ""

    assert cloud.ask(action="drift")["drift"] == {"orders": 1}
    assert update(cloud, properties(preset))["Status"] == "SUCCESS"
    assert only_hook(vendors.accounts[CASES[preset][0]]).secret == secret() != ""
    assert cloud.ask(action="drift")["drift"] == {"orders": 0}


def test_webhook_that_gitlab_disabled_is_drift_and_is_made_again(
    cloud: Cloud, vendors: VendorStandIns
) -> None:
    """No update enables it: https://docs.gitlab.com/user/project/integrations/webhooks/."""
    account = vendors.accounts["gitlab.com"]
    assert cloud.send("source-create", **properties("gitlab_token"))["Status"] == "SUCCESS"
    only_hook(account).shown["alert_status"] = "temporarily_disabled"
    assert cloud.ask(action="drift")["drift"] == {"orders": 0}  # GitLab enables it again.
    only_hook(account).shown["alert_status"] = "disabled"

    status = cloud.ask(action="status", source="hooks")["source"]["subscription"]
    assert status["drift"] == ["GitLab has disabled the webhook"]
    assert update(cloud, properties("gitlab_token"))["Status"] == "SUCCESS"
    assert only_hook(account).shown["alert_status"] == "executable"
    assert only_hook(account).secret == secret() != ""
    assert cloud.ask(action="drift")["drift"] == {"orders": 0}


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


def test_account_that_is_not_found_is_no_proof_of_removal(
    cloud: Cloud, vendors: VendorStandIns
) -> None:
    account = vendors.accounts["api.stripe.com"]
    assert cloud.send("source-create", **properties("stripe"))["Status"] == "SUCCESS"
    account.forced.append(StandInResponse(404, {"error": {"message": "Unrecognized request URL"}}))

    failed = delete(cloud)
    assert failed["Status"] == "FAILED"
    assert "Stripe refuses to list webhooks, 404: Unrecognized request URL" in failed["Reason"]

    assert delete(cloud)["Status"] == "SUCCESS"
    assert account.hooks == {}
