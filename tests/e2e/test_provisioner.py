"""Real custom resources: failing, rolled back and deleted, and an Adobe that is silent.

Each test is a small stack of its own whose resources the deployed provisioner serves. MiniStack
sends no Delete for a resource whose own Create failed, as AWS does, so it is another resource
that fails here.
"""

import hmac
import json
import subprocess
import sys
import time
from collections import defaultdict
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
import requests

from inlet_bridge.local.cloud import Cloud
from inlet_bridge.local.deployment import Bridge
from inlet_bridge.local.stack import STACK
from tests.support.deployment import Deployment
from tests.support.waiting import MAX_SECONDS, eventually


@dataclass
class Stacks:
    """A deployed bridge, and small stacks beside it."""

    deployment: Deployment

    @property
    def bridge(self) -> Bridge:
        return self.deployment.bridge

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

        assert eventually(ended), status
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
        requests.post(url, json=fault, timeout=MAX_SECONDS).raise_for_status()

    def clear_faults(self) -> None:
        requests.delete(f"{self.bridge.adobe.emulator}/_emulator/faults", timeout=MAX_SECONDS)

    def bridge_command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """The `inlet` command as somebody types it who has read `aws.env`."""
        return subprocess.run(  # noqa: S603
            [str(Path(sys.executable).with_name("inlet")), *arguments, "--stack", STACK],
            env=self.cloud.environ(),
            capture_output=True,
            encoding="utf-8",
            check=False,
            timeout=MAX_SECONDS,
        )


@pytest.fixture
def stacks(deployment: Deployment) -> Stacks:
    return Stacks(deployment)


def test_failed_create_is_rolled_back_completely(stacks: Stacks) -> None:
    before = stacks.bridge.adobe.objects()
    status = stacks.act(
        "create",
        "failing-create",
        {
            "Connection": stacks.connection("failing"),
            "Source": stacks.source("failing", "failing", provider="nobody"),
        },
    )

    assert status == "ROLLBACK_COMPLETE", stacks.reasons("failing-create")
    assert "nobody" in stacks.reasons("failing-create")
    assert stacks.bridge.adobe.objects() == before
    assert not stacks.bridge.parameters.below("connections/failing")


def test_failed_update_restores_the_previous_state_and_deletion_leaves_nothing(
    stacks: Stacks,
) -> None:
    before = stacks.bridge.adobe.objects()
    sources = stacks.bridge.parameters.below("sources")
    good = {
        "Connection": stacks.connection("shop"),
        "Source": stacks.source("shop", "shop"),
    }
    assert stacks.act("create", "update", good) == "CREATE_COMPLETE"
    standing = stacks.parameters("shop")

    dataset = {"Name": "Shop", "SchemaId": stacks.bridge.adobe.schema_id}
    changes: list[dict[str, Any]] = [
        {"Authenticated": "false"},
        {"Flows": [{"Name": "shop", "Dataset": dataset}]},
    ]
    for changed in changes:
        failing = {
            "Connection": stacks.connection("shop", **changed),
            "Source": stacks.source("shop", "shop", provider="nobody"),
        }
        status = stacks.act("update", "update", failing)
        assert status == "UPDATE_ROLLBACK_COMPLETE", stacks.reasons("update")
        assert stacks.parameters("shop") == standing
        assert stacks.bridge.adobe.objects() == before + 4
        assert send(stacks, "shop") in {200, 202}

    flow_id = standing["connections/shop/flows/shop/flow_id"]
    moved = {**good, "Connection": stacks.connection("shop", **changes[1])}
    assert stacks.act("update", "update", moved) == "UPDATE_COMPLETE"
    assert flow_id not in stacks.parameters("shop").values()
    assert stacks.bridge.adobe.objects() == before + 4

    assert stacks.act("delete", "update") == "DELETE_COMPLETE"
    assert stacks.bridge.adobe.objects() == before
    assert not stacks.bridge.parameters.below("connections/shop")
    assert stacks.bridge.parameters.below("sources") == sources


def send(stacks: Stacks, source: str) -> int:
    """Send a webhook as GitHub does; the status of the answer."""
    body = b'{"shop": 1}'
    secret = stacks.bridge.parameters.secret("github").encode()
    headers = {
        "Content-Type": "application/json",
        "X-GitHub-Delivery": f"shop-{time.time_ns()}",
        "X-GitHub-Event": "push",
        "X-Hub-Signature-256": f"sha256={hmac.new(secret, body, sha256).hexdigest()}",
    }
    headers["Host"] = stacks.bridge.api.host
    url = f"{stacks.cloud.endpoint}/webhooks/{source}"
    return requests.post(url, data=body, headers=headers, timeout=MAX_SECONDS).status_code


def test_unresponsive_adobe_still_gets_cloudformation_a_timely_response(
    stacks: Stacks,
) -> None:
    stacks.fault(service="flow-service", times=None, delay_seconds=3_600)
    slow = stacks.connection("silent")
    slow["Properties"]["ServiceTimeout"] = 20
    try:
        status = stacks.act("create", "silent", {"Connection": slow})
    finally:
        stacks.clear_faults()

    assert status == "ROLLBACK_COMPLETE"
    reasons = stacks.reasons("silent")
    assert "did not answer" in reasons or "no time is left" in reasons
    assert "timed out" not in reasons  # As CloudFormation says after the ServiceTimeout.


def test_commands_work_on_the_deployed_provisioner(stacks: Stacks, tmp_path: Path) -> None:
    adobe = stacks.bridge.adobe
    flow = {"Name": "direct", "DatasetId": adobe.dataset_id, "SchemaId": adobe.schema_id}
    file = tmp_path / "wanted.json"
    file.write_text(json.dumps({"connection": {"Name": "direct", "Flows": [flow]}}))

    planned = stacks.bridge_command("plan", str(file))
    assert planned.returncode == 0, planned.stdout + planned.stderr
    assert planned.stdout.count("create") == 4
    assert stacks.bridge_command("apply", str(file)).returncode == 0
    assert stacks.bridge_command("status", "direct").returncode == 0
    doctor = stacks.bridge_command("doctor")
    assert doctor.returncode == 0, doctor.stdout
    assert doctor.stdout.count("✓") >= 10

    flow_id = stacks.bridge.parameters.below("connections/direct")[
        "connections/direct/flows/direct/flow_id"
    ]
    disable(stacks, flow_id)
    drifted = stacks.bridge_command("status", "direct")
    assert drifted.returncode == 1
    assert "it is disabled" in drifted.stdout
    assert stacks.bridge_command("repair", "direct").returncode == 0
    assert stacks.bridge_command("status", "direct").returncode == 0
    assert stacks.bridge_command("destroy", "direct", "--yes").returncode == 0
    assert not stacks.bridge.parameters.below("connections/direct")


def disable(stacks: Stacks, flow_id: str) -> None:
    """As somebody does in the UI."""
    adobe = stacks.bridge.adobe
    credentials = json.loads(adobe.credentials)
    form = {
        "grant_type": "client_credentials",
        "client_id": credentials["client_id"],
        "client_secret": credentials["client_secret"],
        "scope": credentials["scopes"],
    }
    answer = requests.post(f"{adobe.ims_url}/ims/token/v3", data=form, timeout=MAX_SECONDS)
    headers = {
        "Authorization": f"Bearer {answer.json()['access_token']}",
        "x-api-key": credentials["client_id"],
        "x-gw-ims-org-id": credentials["org_id"],
        "x-sandbox-name": credentials["sandbox"],
    }
    path = f"/data/foundation/flowservice/flows/{flow_id}/action?op=disable"
    requests.post(
        f"{adobe.platform_url}{path}", headers=headers, timeout=MAX_SECONDS
    ).raise_for_status()


def test_drift_and_scheduled_checks_run_on_a_schedule(
    stacks: Stacks,
) -> None:
    client = stacks.cloud.client("events")
    asked: dict[str, list[dict[str, str]]] = defaultdict(list)
    for rule in client.list_rules()["Rules"]:
        for target in client.list_targets_by_rule(Rule=rule["Name"])["Targets"]:
            if rate := rule.get("ScheduleExpression"):
                asked[rate].append(json.loads(target["Input"]))

    hourly = [{"action": "drift"}, {"look": "QuietSources"}]
    assert sorted(asked["rate(1 hour)"], key=str) == hourly
    assert asked["rate(6 hours)"] == [{"look": "Unaccounted"}]


@pytest.mark.parametrize("look", ["QuietSources", "Unaccounted"])
def test_checks_report_zero_without_a_problem(stacks: Stacks, look: str) -> None:
    answer = stacks.cloud.client("lambda").invoke(
        FunctionName=stacks.bridge.stack.resources["WatchFunction"],
        Payload=json.dumps({"look": look}).encode(),
    )

    assert json.loads(answer["Payload"].read()) == {look: 0}
