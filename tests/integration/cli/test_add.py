"""Tests of the source that `inlet add` writes."""

from pathlib import Path
from typing import Any

import pytest

from bridge.verification.catalogue import PRESETS
from tests.support.adding import CREDENTIAL, SECRET, properties, run, stored, unchanged
from tests.support.sources_files import SOURCES, added_to

PROVIDERS = (
    *("shopify", "slack", "twilio_form", "basic_auth"),  # Shared secrets.
    *("discord", "telnyx", "jwt", "plaid", "paypal"),  # Keys.
    *("marketo", "notion", "salesforce_outbound", "xero"),
)
CONSTANTS = {
    "host": "production.plaid.com",
    "topic_arn": "arn:aws:sns:eu-central-1:123456789012:topic",
}


def test_source_is_added_and_its_secret_stored(folder: Path, ssm: Any) -> None:
    status, output = run("stripe", typed=f"{SECRET}\n")

    assert status == 0, output
    assert stored(ssm) == SECRET
    added = added_to(SOURCES, (folder / "sources.yaml").read_text())
    assert "# Stripe: payments, subscriptions, refunds and customers." in added
    new = properties(folder, "StripeSource")
    assert new["Name"] == new["Provider"] == "stripe"
    assert [route["Flow"] for route in new["Routes"]] == ["events"] * 3
    assert '["/inlet-bridge' not in added
    assert 'Secrets: [!Sub "/inlet-bridge/${Stage}/secrets/stripe"]' in added
    assert 'ServiceToken: {Fn::ImportValue: !Sub "inlet-bridge-${Stage}-ServiceToken"}' in added
    assert "KeepBodies: !Ref KeepBodies" in added
    assert SECRET not in output
    assert "checkout.session.completed (signed with the secret, and accepted)" in output
    assert '"eventType": "commerce.purchases"' in output
    assert "routes to a flow profiles are left out" in output
    assert "https://a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com/webhooks/stripe" in output
    assert PRESETS["stripe"].setup in output
    assert "sam deploy --config-env dev-sources" in output
    personal = "! Its messages have personal data, and identify persons by Email (the customer's"
    assert personal in " ".join(output.split())


def test_name_that_exists_is_refused(folder: Path) -> None:
    status, output = run("github", "--offline")

    assert status == 1
    assert "sources.yaml has a source github already (WebhookSource, line 22)" in output
    assert unchanged(folder)


def test_second_source_of_a_provider_has_another_name(folder: Path) -> None:
    status, output = run("github", "--name", "github-eu", "--offline")

    assert status == 0, output
    assert properties(folder, "GithubEuSource")["Name"] == "github-eu"


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["nothing"], "there is no 'nothing'"),
        (["shopfy"], "there is no 'shopfy'; did you mean shopify?"),
        (["stripe", "--name", "Stripe!"], "must be 1-63 lowercase letters"),
        (["stripe", "--flow", "events"], "it must be CONNECTION/FLOW"),
        (["stripe", "--flow", "events"], "CONNECTION/FLOW; is it webhooks/events?"),
        (["stripe", "--flow", "orders"], "CONNECTION/FLOW, such as webhooks/events"),
        (["stripe", "--flow", "webhooks.events"], "is it webhooks/events?"),
        (["stripe", "--flow", "webhooks/orders"], "has no flow orders; it has events"),
        (["stripe", "--flow", "Other/events"], "has no connection Other"),
        (["stripe", "--flow", "webhoks/events"], "no connection webhoks; is it webhooks?"),
        (["linear", "--recipe"], "linear has no recipe"),
        (["stripe", "--constant", "a=b"], "there is no a; stripe has no constants"),
        (["stripe", "--constant", "a"], "must be NAME=VALUE"),
        (["stripe", "--event", "a"], "requires --subscription"),
        (["stripe", "--token-header", "X"], "names its header"),
        (["salesforce_outbound"], "--allowed-cidr"),
        (["plaid"], "--constant client_id=VALUE"),
        (["shopify", "--subscription", "account"], "one of the providers github"),
        (["github", "--name", "g", "--subscription", "acme/shop"], "must be Repository=OWNER/NAME"),
        (["github", "--name", "g", "--subscription", "Repository="], "must be OWNER/NAME"),
        (["github", "--name", "g", "--subscription", "Repository=a b"], "must be OWNER/NAME"),
        (["stripe", "--subscription", "x"], "must be account"),
        (["stripe", "--subscription", "account", "--event", "a b"], "is no event of Stripe"),
        (["gitlab_token", "--subscription", "Project=a/b"], "needs --event for GitLab"),
        (["stripe", "--file", "missing.yaml"], "there is no missing.yaml"),
        (["stripe", "--secret-file", "missing.txt"], "missing.txt: No such file"),
        (["stripe", "--secret-file", "."], ".: Is a directory"),
    ],
)
def test_wrong_argument_is_one_sentence(folder: Path, arguments: list[str], reason: str) -> None:
    status, output = run(*arguments, "--offline")

    assert status in (1, 2)
    assert reason in " ".join(output.replace("│", " ").split())
    assert unchanged(folder)


def test_source_without_a_recipe_has_the_default_map(folder: Path) -> None:
    status, output = run("linear", "--offline", "--flow", "WebhookConnection/events")

    assert status == 0, output
    [route] = properties(folder, "LinearSource")["Routes"]
    assert route["Map"]["producedBy"] == "'system'"
    assert '"eventType": "linear.example+created"' in output


def test_connection_may_be_in_another_file(folder: Path) -> None:
    status, output = run("stripe", "--flow", "orders/profiles", "--offline", "--no-recipe")

    assert status == 0, output
    assert properties(folder, "StripeSource")["Connection"] == "orders"


@pytest.mark.parametrize(
    ("name", "reason"), [("ordrs", "is it orders?"), ("zebra", "there is orders, webhooks")]
)
def test_connection_of_another_file_must_be_deployed(
    folder: Path, ssm: Any, name: str, reason: str
) -> None:
    parameter = "/inlet-bridge/dev/connections/orders/base_connection_id"
    ssm.put_parameter(Name=parameter, Value="x", Type="String")
    arguments = ["stripe", "--no-recipe", "--secret-file", "secret.txt"]

    status, output = run(*arguments, "--flow", f"{name}/profiles")

    assert status == 1
    assert f"--flow: there is no connection {name}; {reason}" in output
    assert unchanged(folder)
    assert [each["Name"] for each in ssm.describe_parameters()["Parameters"]] == [parameter]
    assert run(*arguments, "--flow", "orders/profiles")[0] == 0


def test_sample_that_a_route_takes_is_shown(folder: Path) -> None:
    (folder / "sources.yaml").write_text(SOURCES.replace("{Name: events", "{Name: profiles"))

    status, output = run("stripe", "--offline")

    assert status == 0, output
    assert "customer.created (signed with a test key, and accepted)" in output
    assert "✓ profiles" in output
    assert "routes to a flow events are left out" in output


def test_bridge_registers_the_webhook(folder: Path, ssm: Any) -> None:
    status, output = run(
        *("github", "--name", "shop", "--subscription", "Repository=acme/shop"),
        typed="github_pat_TOPSECRET\n",
    )

    assert status == 0, output
    assert "a token with the repository permission Webhooks, read and write" in output
    assert stored(ssm, CREDENTIAL) == "github_pat_TOPSECRET"
    new = properties(folder, "ShopSource")
    assert "Secrets" not in new
    assert new["Subscription"]["Repository"] == "acme/shop"
    assert new["Subscription"]["Events"] == ["star", "fork", "issues", "discussion", "sponsorship"]
    assert "The deployment registers the webhook at GitHub." in output

    status, output = run(
        *("github", "--name", "other", "--subscription", "Organization=acme", "--event", "*")
    )

    assert status == 0, output
    assert f"{CREDENTIAL} is as it was" in output
    assert properties(folder, "OtherSource")["Subscription"]["Events"] == ["*"]


def test_source_whose_provider_sends_the_secret_gets_a_path_token(folder: Path, ssm: Any) -> None:
    status, output = run("asana")

    assert status == 0, output
    token = stored(ssm, "/inlet-bridge/dev/secrets/asana-path")
    assert len(token) == 32
    assert token not in output
    assert "TOKEN is the value of /inlet-bridge/dev/secrets/asana-path" in output
    assert properties(folder, "AsanaSource")["Registration"] == "pending"


def test_file_stays_as_it_is_apart_from_the_source(folder: Path) -> None:
    text = SOURCES.replace("\n", "\r\n")
    (folder / "sources.yaml").write_bytes(text.encode())
    (folder / "sources.yaml").chmod(0o640)

    assert run("stripe", "--offline")[0] == 0

    after = (folder / "sources.yaml").read_bytes().decode()
    assert "StripeSource:\r\n" in added_to(text, after)
    assert (folder / "sources.yaml").stat().st_mode & 0o777 == 0o640


def test_symbolic_link_stays_one(folder: Path) -> None:
    (folder / "link.yaml").symlink_to(folder / "sources.yaml")

    assert run("stripe", "--offline", "--file", "link.yaml")[0] == 0
    assert (folder / "link.yaml").is_symlink()
    assert properties(folder, "StripeSource")


def test_unreadable_file_is_named_with_the_place(folder: Path) -> None:
    (folder / "sources.yaml").write_text("Resources:\n  A: [\n")

    status, output = run("stripe", "--offline")

    assert status == 1
    assert "sources.yaml:2: the bracket [ that begins here is not closed" in output


@pytest.mark.parametrize("provider", PROVIDERS)
def test_provider_of_any_kind_can_be_added(folder: Path, provider: str) -> None:
    constants = [
        f"--constant={name}={CONSTANTS.get(name, 'abc')}" for name in PRESETS[provider].constants
    ]
    more = {
        "marketo": ["--token-header", "X-Token"],
        "salesforce_outbound": ["--allowed-cidr", "192.0.2.0/24"],
    }
    name = f"my-{provider.replace('_', '-')}"
    status, output = run(provider, "--name", name, "--offline", *constants, *more.get(provider, []))

    assert status == 0, output
