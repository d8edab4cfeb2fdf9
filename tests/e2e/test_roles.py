"""The roles are enforced and minimal: every statement that can be missed is missed.

One deployment; each test takes one statement out of a function's role, does what needs it, and
finds AccessDenied in that function's log, or in the provisioner's answer. The same is done with
the whole role first, and nothing is denied.
"""

from collections.abc import Callable

import pytest
import requests

from tests.e2e.deployed import LOG_SECONDS, Deployment
from tools.local.deployment import STAGE
from tools.local.senders import CONNECTION
from tools.local.waiting import wait_until

# A message that an earlier test left may take the answer of the inlet that was meant for this one.
ATTEMPTS = 3


def send_plainly(deployment: Deployment) -> None:
    deployment.send()


def send_into_the_buffer(deployment: Deployment) -> None:
    """The inlet is down for the receiver, not for the forwarder."""
    deployment.inlet_answers(503, times=1)
    deployment.send()


def send_and_be_put_off(deployment: Deployment) -> None:
    """The inlet is down for the receiver and for the forwarder's first attempt."""
    deployment.inlet_answers(503, times=1)
    deployment.inlet_answers(503, times=1, batches=True)
    deployment.send()


def send_what_the_inlet_refuses(deployment: Deployment) -> None:
    """The receiver buffers it, the forwarder finds out that it can never pass."""
    deployment.inlet_refuses("poison")
    deployment.bridge.api.send(deployment.new_webhook("poison"))


def bring_a_secret(deployment: Deployment) -> None:
    """Asana's first request brings the secret of all further ones."""
    name = f"asana-{next(deployment.numbers)}"
    path_token = f"/inlet-bridge/{STAGE}/secrets/{name}-path"
    deployment.client("ssm").put_parameter(
        Name=path_token, Value="nobody-guesses-this-token", Type="SecureString"
    )
    deployment.invoke_provisioner(
        {
            "action": "apply",
            "source": {
                "Name": name,
                "Provider": "asana",
                "Registration": "pending",
                "Secrets": [f"/inlet-bridge/{STAGE}/secrets/captured/{name}"],
                "PathTokens": [path_token],
                "Connection": CONNECTION,
            },
        }
    )
    url = f"{deployment.bridge.stack.cloud.endpoint}/webhooks/{name}/nobody-guesses-this-token"
    headers = {"host": deployment.bridge.api.host, "x-hook-secret": "b537207f20cbfa02357cf448"}
    answer = requests.post(url, headers=headers, timeout=30)
    deployment.answers.append(f"{answer.status_code}")
    deployment.invoke_provisioner({"action": "destroy", "source": name})


def ask_for_everything(deployment: Deployment) -> None:
    deployment.invoke_provisioner({"action": "status"})


def plan_a_connection(deployment: Deployment) -> None:
    adobe = deployment.bridge.adobe
    flow = {"Name": "other", "DatasetId": adobe.dataset_id, "SchemaId": adobe.schema_id}
    deployment.invoke_provisioner(
        {"action": "plan", "connection": {"Name": "other", "Flows": [flow]}}
    )


NEEDED: dict[tuple[str, str], Callable[[Deployment], None]] = {
    ("receiver", "ReadSourcesAndSecrets"): send_plainly,
    ("receiver", "RecordDeliveries"): send_plainly,
    ("receiver", "ShareToken"): send_plainly,
    ("receiver", "BufferDeliveries"): send_into_the_buffer,
    ("receiver", "KeepCapturedSecrets"): bring_a_secret,
    ("forwarder", "ReadSourcesAndSecrets"): send_into_the_buffer,
    ("forwarder", "RecordDeliveries"): send_into_the_buffer,
    ("forwarder", "ShareToken"): send_into_the_buffer,
    ("forwarder", "TakeFromBuffer"): send_and_be_put_off,
    ("forwarder", "KeepDeadLettersAndRenew"): send_what_the_inlet_refuses,
    ("provisioner", "ReadSecrets"): plan_a_connection,
    ("provisioner", "ShareToken"): plan_a_connection,
    ("provisioner", "KeepIdsAndSources"): ask_for_everything,
}

UNNOTICED = {
    "WriteLogs": "MiniStack writes the logs itself",
    "TakeEvents": "MiniStack's poller takes from a queue without asking for the role",
    "ReadReferredSecrets": "MiniStack has no /aws/reference/secretsmanager",
}


def test_with_whole_roles_nothing_is_denied(deployment: Deployment) -> None:
    for act in dict.fromkeys(NEEDED.values()):
        act(deployment)
    wait_until(lambda: "dead" in states(deployment), LOG_SECONDS)

    assert {"delivered", "dead"} <= states(deployment)
    assert "200" in deployment.answers  # The secret was captured.
    assert {f: deployment.denials(f) for f in ("receiver", "forwarder", "provisioner")} == {
        "receiver": 0,
        "forwarder": 0,
        "provisioner": 0,
    }


@pytest.mark.parametrize(("function", "sid"), NEEDED, ids=str)
def test_without_a_statement_its_function_is_denied(
    deployment: Deployment, function: str, sid: str
) -> None:
    before = deployment.denials(function)
    with deployment.without(function, sid):
        deployment.restart(function)
        NEEDED[function, sid](deployment)
        denied = wait_until(lambda: deployment.denials(function) > before, LOG_SECONDS)

    assert denied


def test_every_statement_of_every_role_is_accounted_for(deployment: Deployment) -> None:
    iam = deployment.client("iam")
    deployed = set()
    for function in ("receiver", "forwarder", "provisioner"):
        role = deployment.bridge.stack.resources[f"{function.title()}Role"]
        for policy in iam.list_role_policies(RoleName=role)["PolicyNames"]:
            document = iam.get_role_policy(RoleName=role, PolicyName=policy)["PolicyDocument"]
            deployed |= {(function, statement["Sid"]) for statement in document["Statement"]}

    assert {(f, sid) for f, sid in deployed if sid not in UNNOTICED} == set(NEEDED)


def is_denied_by(
    act: Callable[[Deployment], None], deployment: Deployment, function: str, before: int
) -> bool:
    act(deployment)
    return wait_until(lambda: deployment.denials(function) > before, LOG_SECONDS)


def states(deployment: Deployment) -> set[str]:
    return {record.state for record in deployment.bridge.deliveries.records().values()}
