"""A deleted source leaves no webhook at its vendor, unless that is gone."""

import pytest

from tests.support import github_stand_in, stripe_stand_in, vendor_stand_ins
from tests.support.provisioner_cloud import Cloud
from tests.support.subscription_cases import delete, properties
from tests.support.vendor_account import Account, Call, StandInResponse
from tests.support.vendor_stand_ins import VendorStandIns


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
