"""Real custom resources: failing, rolled back and deleted, and an Adobe that is silent.

The bridge is deployed once; each test is a small stack of its own whose resources the deployed
provisioner serves. MiniStack sends no Delete for a resource whose own Create failed, as AWS does,
so it is another resource that fails here.
"""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests

from tools.local.adobe import start_emulated_adobe
from tools.local.cloud import Cloud
from tools.local.deployment import STACK, Bridge, deploy_bridge
from tools.local.ministack import start_ministack
from tools.local.samples import Sample
from tools.local.script import Twist, Webhook
from tools.local.waiting import wait_until
from tools.local.workspace import TEMPLATE

SECONDS = 150


@dataclass
class Deployment:
    """A deployed bridge, and small stacks beside it."""

    bridge: Bridge

    @property
    def cloud(self) -> Cloud:
        return self.bridge.stack.cloud

    def act(self, action: str, name: str, resources: dict[str, Any] | None = None) -> str:
        """Create, update or delete a stack; the status that it ends with."""
        client = self.cloud.client("cloudformation")
        body = {"TemplateBody": json.dumps({"Resources": resources})} if resources else {}
        getattr(client, f"{action}_stack")(StackName=name, **body)
        status = ""

        def ended() -> bool:
            nonlocal status
            status = self.status(name)
            return not status.endswith("IN_PROGRESS")

        assert wait_until(ended, SECONDS), status
        return status

    def status(self, name: str) -> str:
        client = self.cloud.client("cloudformation")
        try:
            stacks = client.describe_stacks(StackName=name)["Stacks"]
        except client.exceptions.ClientError:
            return "DELETE_COMPLETE"
        return str(stacks[0]["StackStatus"])

    def reasons(self, name: str) -> str:
        client = self.cloud.client("cloudformation")
        events = client.describe_stack_events(StackName=name)["StackEvents"]
        return " ".join(event.get("ResourceStatusReason", "") for event in events)

    def parameters(self, name: str) -> dict[str, str]:
        """What is in SSM of a connection and of the source of the same name."""
        found = self.bridge.parameters.below(f"connections/{name}")
        return found | self.bridge.parameters.below("sources")

    def connection(self, name: str, **more: Any) -> dict[str, Any]:
        adobe = self.bridge.adobe
        flow = {"Name": name, "DatasetId": adobe.dataset_id, "SchemaId": adobe.schema_id}
        return self.resource("StreamingConnection", Name=name, **{"Flows": [flow], **more})

    def source(self, name: str, connection: str, provider: str = "github") -> dict[str, Any]:
        source = self.resource(
            "WebhookSource",
            Name=name,
            Provider=provider,
            Secrets=[f"{self.bridge.parameters.prefix}/secrets/github"],
            Connection=connection,
        )
        return source | {"DependsOn": "Connection"}

    def resource(self, kind: str, **properties: Any) -> dict[str, Any]:
        functions = self.cloud.client("lambda")
        function = functions.get_function(
            FunctionName=self.bridge.stack.resources["ProvisionerFunction"]
        )
        token = function["Configuration"]["FunctionArn"]
        return {
            "Type": f"Custom::{kind}",
            "Properties": {"ServiceToken": token, "ServiceTimeout": 300, **properties},
        }

    def fault(self, **fault: Any) -> None:
        url = f"{self.bridge.adobe.emulator}/_emulator/faults"
        requests.post(url, json=fault, timeout=5).raise_for_status()

    def clear_faults(self) -> None:
        requests.delete(f"{self.bridge.adobe.emulator}/_emulator/faults", timeout=5)

    def bridge_command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """The `bridge` command as somebody types it who has read `aws.env`."""
        return subprocess.run(  # noqa: S603
            [str(Path(sys.executable).with_name("bridge")), *arguments, "--stack", STACK],
            env=self.cloud.environ(),
            capture_output=True,
            encoding="utf-8",
            check=False,
            timeout=120,
        )


@pytest.fixture(scope="module")
def deployment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    folder = tmp_path_factory.mktemp("provisioner")
    with ExitStack() as stack:
        ministack, cloud = start_ministack(folder)
        stack.enter_context(ministack)
        program, adobe = start_emulated_adobe(folder, settle_seconds=0)
        stack.enter_context(program)
        yield Deployment(
            deploy_bridge(
                cloud,
                adobe,
                template=TEMPLATE,
                settling_seconds=0,
                logs=folder,
                step=lambda _: ExitStack(),
            )
        )


def test_a_create_that_fails_is_rolled_back_without_a_rest(deployment: Deployment) -> None:
    before = deployment.bridge.adobe.objects()
    status = deployment.act(
        "create",
        "failing-create",
        {
            "Connection": deployment.connection("failing"),
            "Source": deployment.source("failing", "failing", provider="nobody"),
        },
    )

    assert status == "ROLLBACK_COMPLETE", deployment.reasons("failing-create")
    assert "nobody" in deployment.reasons("failing-create")
    assert deployment.bridge.adobe.objects() == before
    assert not deployment.bridge.parameters.below("connections/failing")


def test_an_update_that_fails_restores_the_former_state_and_deleting_leaves_nothing(
    deployment: Deployment,
) -> None:
    before = deployment.bridge.adobe.objects()
    sources = deployment.bridge.parameters.below("sources")
    good = {
        "Connection": deployment.connection("shop"),
        "Source": deployment.source("shop", "shop"),
    }
    assert deployment.act("create", "update", good) == "CREATE_COMPLETE"
    standing = deployment.parameters("shop")

    failing = {
        "Connection": deployment.connection("shop", Authenticated="false"),
        "Source": deployment.source("shop", "shop", provider="nobody"),
    }
    status = deployment.act("update", "update", failing)
    assert status == "UPDATE_ROLLBACK_COMPLETE", deployment.reasons("update")
    assert deployment.parameters("shop") == standing
    assert deployment.bridge.adobe.objects() == before + 4
    sample = Sample("github/push", "github", "push", b'{"shop": 1}')
    webhook = Webhook(sample, Twist.NONE, f"shop-{time.time_ns()}")
    assert deployment.bridge.api.send(webhook).status == 200

    assert deployment.act("delete", "update") == "DELETE_COMPLETE"
    assert deployment.bridge.adobe.objects() == before
    assert not deployment.bridge.parameters.below("connections/shop")
    assert deployment.bridge.parameters.below("sources") == sources


def test_when_adobe_never_answers_cloudformation_is_answered_in_time(
    deployment: Deployment,
) -> None:
    deployment.fault(service="flow-service", times=None, delay_seconds=60)
    slow = deployment.connection("silent")
    slow["Properties"]["ServiceTimeout"] = 20
    began = time.monotonic()
    try:
        status = deployment.act("create", "silent", {"Connection": slow})
    finally:
        deployment.clear_faults()

    assert status == "ROLLBACK_COMPLETE"
    assert time.monotonic() - began < 20
    reasons = deployment.reasons("silent")
    assert "did not answer" in reasons or "no time is left" in reasons
    assert "timed out" not in reasons


def test_the_commands_work_on_the_deployed_provisioner(
    deployment: Deployment, tmp_path: Path
) -> None:
    adobe = deployment.bridge.adobe
    flow = {"Name": "direct", "DatasetId": adobe.dataset_id, "SchemaId": adobe.schema_id}
    file = tmp_path / "wanted.json"
    file.write_text(json.dumps({"connection": {"Name": "direct", "Flows": [flow]}}))

    planned = deployment.bridge_command("plan", str(file))
    assert planned.returncode == 0, planned.stdout + planned.stderr
    assert planned.stdout.count("create") == 4
    assert deployment.bridge_command("apply", str(file)).returncode == 0
    assert deployment.bridge_command("status", "direct").returncode == 0
    doctor = deployment.bridge_command("doctor")
    assert doctor.returncode == 0, doctor.stdout
    assert doctor.stdout.count("✓") >= 10

    flow_id = deployment.bridge.parameters.below("connections/direct")[
        "connections/direct/flows/direct/flow_id"
    ]
    disable(deployment, flow_id)
    drifted = deployment.bridge_command("status", "direct")
    assert drifted.returncode == 1
    assert "it is disabled" in drifted.stdout
    assert deployment.bridge_command("repair", "direct").returncode == 0
    assert deployment.bridge_command("status", "direct").returncode == 0
    assert deployment.bridge_command("destroy", "direct", "--yes").returncode == 0
    assert not deployment.bridge.parameters.below("connections/direct")


def disable(deployment: Deployment, flow_id: str) -> None:
    """As somebody does in the UI."""
    adobe = deployment.bridge.adobe
    credentials = json.loads(adobe.credentials)
    form = {
        "grant_type": "client_credentials",
        "client_id": credentials["client_id"],
        "client_secret": credentials["client_secret"],
        "scope": credentials["scopes"],
    }
    answer = requests.post(f"{adobe.ims_url}/ims/token/v3", data=form, timeout=5)
    headers = {
        "Authorization": f"Bearer {answer.json()['access_token']}",
        "x-api-key": credentials["client_id"],
        "x-gw-ims-org-id": credentials["org_id"],
        "x-sandbox-name": credentials["sandbox"],
    }
    path = f"/data/foundation/flowservice/flows/{flow_id}/action?op=disable"
    requests.post(f"{adobe.platform_url}{path}", headers=headers, timeout=5).raise_for_status()


def test_drift_is_checked_every_hour(deployment: Deployment) -> None:
    rules = deployment.cloud.client("events").list_rules()["Rules"]
    (rule,) = [rule for rule in rules if rule.get("ScheduleExpression") == "rate(1 hour)"]
    targets = deployment.cloud.client("events").list_targets_by_rule(Rule=rule["Name"])["Targets"]

    assert [json.loads(target["Input"]) for target in targets] == [{"action": "drift"}]
