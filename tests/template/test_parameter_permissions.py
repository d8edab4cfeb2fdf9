"""Which parameters and secrets each role reads and writes, evaluated as IAM does."""

from typing import Any

import pytest

from tests.support.template_policies import (
    ACCOUNT,
    DEFAULT,
    EVERYTHING,
    REGION,
    deployment,
    folders,
    parameter,
)

SECRET = f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:"
CREATING = {"ssm:Overwrite": "false"}
READS = ("ssm:GetParameters", "ssm:GetParametersByPath", "ssm:GetParameter")
WRITES = ("ssm:PutParameter", "ssm:DeleteParameters")


@pytest.mark.parametrize("function", folders())
def test_no_function_accesses_a_parameter_or_secret_of_another_stage(function: str) -> None:
    for stage in ("dev2", "dev-2", "prod", "de", "DEV"):
        for below in (
            "sources/github",
            "connections/orders/paused",
            "secrets/adobe",
            "tokens/token",
        ):
            for prefix in ("", "/aws/reference/secretsmanager"):
                name = parameter(f"{prefix}/inlet-bridge/{stage}/{below}")
                for action in (*READS, *WRITES):
                    assert not EVERYTHING.allows(function, action, name, CREATING)
        secret = f"{SECRET}inlet-bridge/{stage}/adobe-a1b2c3"
        assert not EVERYTHING.allows(function, "secretsmanager:GetSecretValue", secret)
    for path in ("", "/", "/inlet-bridge", "/inlet-bridge/dev", "/inlet-bridge/dev/secrets"):
        assert not EVERYTHING.allows(function, "ssm:GetParametersByPath", parameter(path))


@pytest.mark.parametrize("function", folders())
def test_only_the_secret_of_the_preflight_can_be_overwritten(function: str) -> None:
    for name in ("captured/asana", "preflight", "adobe", "github"):
        secret = parameter(f"/inlet-bridge/dev/secrets/{name}")
        owns = (function, name) == ("preflight", "preflight")
        for context in ({"ssm:Overwrite": "true"}, {}):
            assert owns == EVERYTHING.allows(function, "ssm:PutParameter", secret, context)
        creates = owns or (function, name) == ("receiver", "captured/asana")
        assert creates == EVERYTHING.allows(function, "ssm:PutParameter", secret, CREATING)
        assert owns == EVERYTHING.allows(function, "ssm:DeleteParameters", secret)


@pytest.mark.parametrize("given", [DEFAULT, EVERYTHING], ids=["default", "everything"])
@pytest.mark.parametrize("function", folders())
def test_only_the_receiver_and_the_provisioner_read_the_secrets_of_senders(
    function: str, given: Any
) -> None:
    for name in ("github", "captured/asana", "preflight"):
        secret = parameter(f"/inlet-bridge/dev/secrets/{name}")
        wanted = function in {"receiver", "provisioner"}
        assert given.allows(function, "ssm:GetParameters", secret) == wanted
    secret = f"{SECRET}inlet-bridge/dev/github-a1b2c3"
    wanted = function in {"receiver", "provisioner"}
    assert given.allows(function, "secretsmanager:GetSecretValue", secret) == wanted


@pytest.mark.parametrize("given", [DEFAULT, EVERYTHING], ids=["default", "everything"])
@pytest.mark.parametrize("function", folders())
def test_only_the_provisioner_reads_the_credentials_of_vendors(function: str, given: Any) -> None:
    credential = parameter("/inlet-bridge/dev/credentials/github")
    is_provisioner = function == "provisioner"

    assert given.allows(function, "ssm:GetParameters", credential) == is_provisioner
    for action in WRITES:
        assert not given.allows(function, action, credential, CREATING)
    secret = parameter("/inlet-bridge/dev/secrets/subscriptions/github")
    for action in ("ssm:PutParameter", "ssm:DeleteParameters"):
        assert given.allows(function, action, secret, {"ssm:Overwrite": "true"}) == is_provisioner


def test_forwarder_reads_only_the_configured_credentials() -> None:
    here, kept = "/inlet-bridge/dev/secrets/adobe", f"{SECRET}inlet-bridge/dev/adobe-a1b2c3"
    referred = "/aws/reference/secretsmanager/inlet-bridge/dev/adobe"
    longer = f"{SECRET}inlet-bridge/dev/adobe-other-a1b2c3"

    def reads(given: Any, name: str) -> bool:
        found: bool = given.allows("forwarder", "ssm:GetParameters", parameter(name))
        return found

    assert [reads(DEFAULT, name) for name in (here, referred)] == [True, False]
    assert [reads(EVERYTHING, name) for name in (here, referred)] == [False, True]
    action = "secretsmanager:GetSecretValue"
    assert not DEFAULT.allows("forwarder", action, kept)
    assert EVERYTHING.allows("forwarder", action, kept)
    assert not EVERYTHING.allows("forwarder", action, longer)
    assert not reads(deployment(Stage="dev", AdobeCredentials="/inlet-bridge/dev/secrets/a"), here)


@pytest.mark.parametrize("function", ["receiver", "forwarder", "reconciler"])
def test_access_token_is_shared_and_only_the_provisioner_deletes_it(function: str) -> None:
    tokens = parameter("/inlet-bridge/dev/tokens")
    token, minting = f"{tokens}/token", f"{tokens}/minting"

    for name in (token, minting):
        assert DEFAULT.allows(function, "ssm:GetParameters", name)
        assert DEFAULT.allows(function, "ssm:PutParameter", name, {"ssm:Overwrite": "true"})
        assert not DEFAULT.allows(function, "ssm:DeleteParameters", name)
        assert DEFAULT.allows("provisioner", "ssm:DeleteParameters", name)
    assert not DEFAULT.allows(function, "ssm:GetParameters", f"{tokens}/other")


@pytest.mark.parametrize("function", folders())
def test_only_the_forwarder_reads_which_source_a_queue_has(function: str) -> None:
    name = parameter("/inlet-bridge/dev/queues/inlet-bridge-dev-sources-Events-1A2B")

    assert DEFAULT.allows(function, "ssm:GetParameters", name) == (function == "forwarder")
    for action in WRITES:
        assert not DEFAULT.allows(function, action, name, CREATING)


@pytest.mark.parametrize("function", ["forwarder", "reconciler"])
def test_reads_only_the_configured_credentials(function: str) -> None:
    here, kept = "/inlet-bridge/dev/secrets/adobe", f"{SECRET}inlet-bridge/dev/adobe-a1b2c3"
    referred = "/aws/reference/secretsmanager/inlet-bridge/dev/adobe"

    for given, name, expected in (
        (DEFAULT, here, True),
        (DEFAULT, referred, False),
        (EVERYTHING, here, False),
        (EVERYTHING, referred, True),
    ):
        assert given.allows(function, "ssm:GetParameters", parameter(name)) is expected
    assert EVERYTHING.allows(function, "secretsmanager:GetSecretValue", kept)
    assert not DEFAULT.allows(function, "secretsmanager:GetSecretValue", kept)
