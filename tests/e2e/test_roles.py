"""The roles are enforced and minimal: every statement that can be missed is missed.

One deployment; each test takes one statement out of a function's role, does what needs it, and
finds AccessDenied in that function's log, or in the provisioner's answer. The same is done with
the whole role first, and nothing is denied.
"""

import itertools
import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
import requests

from tools.local.adobe import start_emulated_adobe
from tools.local.deployment import Bridge, deploy_bridge
from tools.local.ministack import start_ministack
from tools.local.samples import Sample
from tools.local.script import Twist, Webhook
from tools.local.waiting import wait_until
from tools.local.workspace import TEMPLATE

LOG_SECONDS = 20


@dataclass
class Deployment:
    """A deployed bridge, and what the tests do with it."""

    bridge: Bridge
    numbers: Iterator[int] = field(default_factory=itertools.count)
    answers: list[str] = field(default_factory=list)

    def client(self, service: str) -> Any:
        return self.bridge.stack.cloud.client(service)

    def send(self) -> int:
        """Send a webhook that was never sent before; the status of the answer."""
        number = next(self.numbers)
        body = json.dumps({"number": number}).encode()
        sample = Sample("github/push", "github", "push", body)
        return self.bridge.api.send(Webhook(sample, Twist.NONE, f"role-{number}")).status

    def inlet_answers(self, status: int, times: int) -> None:
        """Let the inlet answer the next requests with an error."""
        fault = {
            "service": "inlet",
            "times": times,
            "effect": {"kind": "answer", "status": status, "body": "{}"},
        }
        url = f"{self.bridge.adobe.emulator}/_emulator/faults"
        requests.post(url, json=fault, timeout=5).raise_for_status()

    def invoke_provisioner(self, request: dict[str, Any]) -> None:
        """Whoever invokes it directly is told what went wrong in the answer."""
        answer = self.client("lambda").invoke(
            FunctionName=self.bridge.stack.resources["ProvisionerFunction"],
            Payload=json.dumps(request).encode(),
        )
        self.answers.append(answer["Payload"].read().decode())

    def denials(self, function: str) -> int:
        """How often a function has told of AccessDenied, in its log or in an answer."""
        told = [line.text for line in self.bridge.logs.lines() if line.function == function]
        if function == "provisioner":
            told += self.answers
        return sum("AccessDenied" in text for text in told)

    def restart(self, function: str) -> None:
        """Let a function forget what it has read: a change of its memory does that."""
        functions = self.client("lambda")
        name = self.bridge.stack.resources[f"{function.title()}Function"]
        memory = functions.get_function_configuration(FunctionName=name)["MemorySize"]
        functions.update_function_configuration(FunctionName=name, MemorySize=memory + 1)
        functions.get_waiter("function_updated_v2").wait(
            FunctionName=name, WaiterConfig={"Delay": 0.2}
        )

    @contextmanager
    def without(self, function: str, sid: str) -> Iterator[None]:
        """The function's role lacks one statement meanwhile."""
        iam = self.client("iam")
        role = self.bridge.stack.resources[f"{function.title()}Role"]
        (policy,) = iam.list_role_policies(RoleName=role)["PolicyNames"]
        whole = iam.get_role_policy(RoleName=role, PolicyName=policy)["PolicyDocument"]
        fewer = [statement for statement in whole["Statement"] if statement["Sid"] != sid]
        assert len(fewer) == len(whole["Statement"]) - 1

        def put(document: dict[str, Any]) -> None:
            iam.put_role_policy(
                RoleName=role, PolicyName=policy, PolicyDocument=json.dumps(document)
            )

        put({**whole, "Statement": fewer})
        try:
            yield
        finally:
            put(whole)
            self.restart(function)


def send_plainly(deployment: Deployment) -> None:
    deployment.send()


def send_into_the_buffer(deployment: Deployment) -> None:
    """The inlet is down for the receiver, not for the forwarder."""
    deployment.inlet_answers(503, times=1)
    deployment.send()


def send_and_be_put_off(deployment: Deployment) -> None:
    """The inlet is down for the receiver and for the forwarder's first attempt."""
    deployment.inlet_answers(503, times=2)
    deployment.send()


def send_what_the_inlet_refuses(deployment: Deployment) -> None:
    """The inlet refuses the message for good: the receiver's, the batch's and the single one."""
    deployment.inlet_answers(400, times=3)
    deployment.send()


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
    ("forwarder", "ReadSourcesAndSecrets"): send_into_the_buffer,
    ("forwarder", "RecordDeliveries"): send_into_the_buffer,
    ("forwarder", "ShareToken"): send_into_the_buffer,
    ("forwarder", "TakeFromBuffer"): send_and_be_put_off,
    ("forwarder", "KeepDeadLetters"): send_what_the_inlet_refuses,
    ("provisioner", "ReadSecrets"): plan_a_connection,
    ("provisioner", "ShareToken"): plan_a_connection,
    ("provisioner", "KeepIdsAndSources"): ask_for_everything,
}

UNNOTICED = {
    "WriteLogs": "MiniStack writes the logs itself",
    "ReadReferredSecrets": "MiniStack has no /aws/reference/secretsmanager",
}


@pytest.fixture(scope="module")
def deployment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    """A bridge whose flow needs no settling."""
    folder = tmp_path_factory.mktemp("roles")
    with ExitStack() as stack:
        ministack, cloud = start_ministack(folder)
        stack.enter_context(ministack)
        program, adobe = start_emulated_adobe(folder, settle_seconds=0)
        stack.enter_context(program)
        bridge = deploy_bridge(
            cloud,
            adobe,
            template=TEMPLATE,
            settling_seconds=0,
            logs=folder,
            step=lambda _: ExitStack(),
        )
        yield Deployment(bridge)


def test_with_whole_roles_nothing_is_denied(deployment: Deployment) -> None:
    for act in dict.fromkeys(NEEDED.values()):
        act(deployment)
    wait_until(lambda: "dead" in states(deployment), LOG_SECONDS)

    assert {"delivered", "dead"} <= states(deployment)
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


def states(deployment: Deployment) -> set[str]:
    return {record.state for record in deployment.bridge.deliveries.records().values()}
