"""What changed at the vendor is drift and is repaired."""

import pytest

from tests.support.provisioner_cloud import Cloud
from tests.support.subscription_cases import CASES, only_hook, properties, secret, update
from tests.support.vendor_account import StandInResponse
from tests.support.vendor_stand_ins import VendorStandIns


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
