"""A deleted source leaves no webhook at its vendor, unless that is gone."""

from tests.support import stripe_stand_in
from tests.support.provisioner_cloud import Cloud
from tests.support.subscription_cases import delete, properties
from tests.support.vendor_account import StandInResponse
from tests.support.vendor_stand_ins import VendorStandIns


def test_repository_that_is_gone_does_not_prevent_the_deletion(
    cloud: Cloud, vendors: VendorStandIns
) -> None:
    assert cloud.send("source-create", **properties("github"))["Status"] == "SUCCESS"
    vendors.accounts["api.github.com"].places.clear()

    deleted = delete(cloud)

    assert deleted["Status"] == "SUCCESS"
    assert "GitHub has no repository acme/shop" in deleted["Reason"]


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
