"""Subscriptions at each vendor, and what the provisioner does with them."""

from collections.abc import Mapping
from typing import Any

import boto3

from tests.support import github_stand_in, gitlab_stand_in, stripe_stand_in
from tests.support.provisioner_cloud import Cloud
from tests.support.vendor_account import Account

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
