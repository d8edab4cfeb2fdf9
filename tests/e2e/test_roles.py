"""The roles are enforced and minimal: every statement that can be missed is missed.

One deployment; each test takes one statement out of a function's role, does what needs it, and
finds AccessDenied in that function's log, or in the provisioner's answer. The same is done with
the whole role first, and nothing is denied.
"""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from botocore.exceptions import ClientError

from inlet_bridge.local.polling import wait_until
from inlet_bridge.local.stack import STAGE
from tests.support.deployment import Deployment
from tests.support.role_uses import NEEDED
from tests.support.waiting import eventually

# A message of an earlier test may meet the fault that was planned for this one.
ACT_AGAIN_SECONDS = 60


FUNCTIONS = tuple(dict.fromkeys(function for function, _ in NEEDED))

UNNOTICED = {
    "WriteLogs": "MiniStack writes the logs itself",
    "TakeEvents": "MiniStack's poller takes from a queue without asking for the role",
    "ReadReferredSecrets": "MiniStack has no /aws/reference/secretsmanager",
}


def test_with_whole_roles_nothing_is_denied(deployment: Deployment) -> None:
    for act in dict.fromkeys(NEEDED.values()):
        act(deployment)

    assert eventually(lambda: {"delivered", "dead"} <= states(deployment))
    assert "200" in deployment.answers  # The secret was captured.
    assert {f: deployment.denials(f) for f in FUNCTIONS} == dict.fromkeys(FUNCTIONS, 0)


@pytest.mark.parametrize(("function", "sid"), NEEDED, ids=str)
def test_without_a_statement_its_function_is_denied(
    deployment: Deployment, function: str, sid: str
) -> None:
    before = deployment.denials(function)

    def is_denied() -> bool:
        return deployment.denials(function) > before

    def act_and_wait() -> bool:
        NEEDED[function, sid](deployment)
        return wait_until(is_denied, ACT_AGAIN_SECONDS)

    with deployment.without(function, sid):
        deployment.restart(function)
        denied = eventually(act_and_wait)
    deployment.clear_faults()

    assert denied


def test_every_statement_of_every_role_has_a_test(deployment: Deployment) -> None:
    iam = deployment.client("iam")
    deployed = set()
    for function in FUNCTIONS:
        role = deployment.bridge.stack.resources[f"{function.title()}Role"]
        for policy in iam.list_role_policies(RoleName=role)["PolicyNames"]:
            document = iam.get_role_policy(RoleName=role, PolicyName=policy)["PolicyDocument"]
            deployed |= {(function, statement["Sid"]) for statement in document["Statement"]}

    assert {(f, sid) for f, sid in deployed if sid not in UNNOTICED} == set(NEEDED)


@pytest.fixture
def as_receiver(deployment: Deployment) -> Iterator[Any]:
    """A client of SSM that may do what the receiver may; only Lambda may take the role itself."""
    iam, user = deployment.client("iam"), f"receiver-{next(deployment.numbers)}"
    role = deployment.bridge.stack.resources["ReceiverRole"]
    (name,) = iam.list_role_policies(RoleName=role)["PolicyNames"]
    document = iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
    iam.create_user(UserName=user)
    iam.put_user_policy(UserName=user, PolicyName=name, PolicyDocument=json.dumps(document))
    key = iam.create_access_key(UserName=user)["AccessKey"]
    cloud = deployment.bridge.stack.cloud
    yield replace(cloud, access_key=key["AccessKeyId"], secret_key=key["SecretAccessKey"]).client(
        "ssm"
    )
    iam.delete_access_key(UserName=user, AccessKeyId=key["AccessKeyId"])
    iam.delete_user_policy(UserName=user, PolicyName=name)
    iam.delete_user(UserName=user)


def test_captured_secret_is_written_once_by_the_role(
    deployment: Deployment, as_receiver: Any
) -> None:
    name = f"/inlet-bridge/{STAGE}/secrets/captured/first-{next(deployment.numbers)}"
    arguments = {"Name": name, "Value": "x", "Type": "SecureString"}

    as_receiver.put_parameter(**arguments, Overwrite=False)
    with pytest.raises(ClientError, match="AccessDenied"):
        as_receiver.put_parameter(**arguments, Overwrite=True)
    with pytest.raises(ClientError, match="AccessDenied"):
        as_receiver.put_parameter(**arguments | {"Name": f"{name}-2"})
    deployment.client("ssm").delete_parameters(Names=[name])


def states(deployment: Deployment) -> set[str]:
    return {record.state for record in deployment.bridge.deliveries.records().values()}
