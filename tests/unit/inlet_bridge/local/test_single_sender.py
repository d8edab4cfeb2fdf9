"""Tests of the source that `inlet send` sends to in the local cloud."""

from copy import replace
from typing import Any

import pytest
from botocore.exceptions import ClientError

from inlet_bridge.local import single_sender
from inlet_bridge.local.cloud import Cloud
from inlet_bridge.local.errors import LocalCloudError
from inlet_bridge.local.single_sender import SingleSender, Target
from inlet_bridge.senders.providers import SENDERS
from tests.support import sample_webhooks as samples

CLOUD = Cloud("http://127.0.0.1:4566", "AKIA1", "secret")
URL = "https://api.execute-api.localhost:4566/webhooks"


class Parameters:
    """The parameters of a local cloud with some sources."""

    prefix = "/inlet-bridge/local"

    def __init__(self, documents: dict[str, str]) -> None:
        self.documents = documents
        self.written: dict[str, str] = {}

    def below(self, branch: str) -> dict[str, str]:
        assert branch == "sources"
        return {f"sources/{name}": text for name, text in self.documents.items()}

    def secret(self, name: str) -> str:
        if name.endswith("-sender"):  # No webhook was sent yet.
            raise ClientError({"Error": {"Code": "ParameterNotFound"}}, "GetParameter")
        return f"the secret {name}\n"  # As `aws ssm put-parameter --value file://…` stores it.

    def put_secrets(self, values: dict[str, str]) -> None:
        self.written |= values


class Provisioner:
    """Accepts every source."""

    def __init__(self, *_: object) -> None:
        """Nothing is invoked."""

    def apply_source(self, properties: dict[str, Any]) -> None:
        assert properties["Name"].startswith("send-")


@pytest.fixture
def sender(monkeypatch: pytest.MonkeyPatch) -> Any:
    def with_sources(**providers: str) -> SingleSender:
        documents = {
            name.replace("_", "-"): replace(
                samples.source(),
                name=name.replace("_", "-"),
                provider=provider,
                secrets=(f"/inlet-bridge/local/secrets/{name}",),
            ).to_document()
            for name, provider in providers.items()
        }
        documents |= {"broken": "{", "github/owner": "stack"}
        parameters = Parameters(documents)
        monkeypatch.setattr(single_sender, "Parameters", lambda *_: parameters)
        resources = {"WebhookApi": "api", "ProvisionerFunction": "p"}
        stack = type("Stack", (), {"__init__": lambda *_: None, "resources": resources})
        monkeypatch.setattr(single_sender, "Stack", stack)
        monkeypatch.setattr(single_sender, "Provisioner", Provisioner)
        return SingleSender(CLOUD)

    return with_sources


def target(sender: SingleSender, source: str = "", provider: str = "stripe") -> Target:
    return sender.target(provider, SENDERS[provider], source)


def test_own_source_of_the_provider_is_used(sender: Any) -> None:
    found = target(sender(payments="stripe", github="github"))

    assert (found.source, found.is_new, found.secret) == ("payments", False, "the secret payments")
    assert found.public_url == f"{URL}/payments"


def test_printed_url_can_be_called(sender: Any) -> None:
    """API Gateway has https only, which the sender signs; the local cloud listens on http."""
    found = target(sender(payments="stripe"))

    assert found.shown_url == "http://api.execute-api.localhost:4566/webhooks/payments"


def test_source_is_added_for_a_provider_without_one(sender: Any) -> None:
    found = target(sender(github="github", send_stripe="stripe"))

    assert (found.source, found.is_new) == ("send-stripe", True)


def test_of_several_sources_one_must_be_named(sender: Any) -> None:
    several = sender(payments="stripe", refunds="stripe")
    with pytest.raises(
        LocalCloudError, match="several sources of stripe: payments, refunds"
    ) as one:
        target(several)

    assert "--source" in one.value.hint
    assert target(several, "refunds").source == "refunds"


def test_unknown_source_is_reported_with_the_existing_ones(sender: Any) -> None:
    with pytest.raises(LocalCloudError, match="no source shop") as caught:
        target(sender(payments="stripe"), "shop")

    assert caught.value.hint == "Sources are: payments."
    with pytest.raises(LocalCloudError, match=r"no source paymets; is it payments\?"):
        target(sender(payments="stripe"), "paymets")


def test_source_that_only_the_provider_can_sign_for_is_not_used(sender: Any) -> None:
    """Its stored key is public."""
    found = target(sender(mail="sendgrid"), provider="sendgrid")

    assert found.is_new


@pytest.mark.parametrize("named", ["", "shop"])
def test_declared_source_that_is_not_deployed_gets_no_stand_in(sender: Any, named: str) -> None:
    """A file that cannot be deployed would seem to work."""
    single = sender(github="github")
    with pytest.raises(LocalCloudError, match=r"sources\.yaml has the source shop, but") as caught:
        single.target("stripe", SENDERS["stripe"], named, ("shop",))

    assert "inlet plan" in caught.value.hint
    both = sender(payments="stripe").target("stripe", SENDERS["stripe"], "", ("shop",))
    assert both.source == "payments"
