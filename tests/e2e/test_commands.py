"""`inlet` and the schedules, on the deployed provisioner and watch."""

import json
from collections import defaultdict
from pathlib import Path

import pytest
import requests

from tests.support.deployment import Deployment
from tests.support.stacks import Stacks
from tests.support.waiting import MAX_SECONDS


@pytest.fixture
def stacks(deployment: Deployment) -> Stacks:
    return Stacks(deployment)


def test_commands_work_on_the_deployed_provisioner(stacks: Stacks, tmp_path: Path) -> None:
    adobe = stacks.bridge.adobe
    flow = {"Name": "direct", "DatasetId": adobe.dataset_id, "SchemaId": adobe.schema_id}
    resource = {
        "Type": "Custom::StreamingConnection",
        "Properties": {"Name": "direct", "Flows": [flow]},
    }
    file = tmp_path / "sources.yaml"
    file.write_text(json.dumps({"Resources": {"Direct": resource}}))

    planned = stacks.command("plan", "direct", "--file", str(file))
    assert planned.returncode == 0, planned.stdout + planned.stderr
    assert planned.stdout.count("create") == 4
    assert stacks.command("apply", "--file", str(file)).returncode == 0
    assert stacks.command("status", "direct").returncode == 0
    doctor = stacks.command("doctor")
    assert doctor.returncode == 0, doctor.stdout
    assert doctor.stdout.count("✓") >= 10

    flow_id = stacks.bridge.parameters.below("connections/direct")[
        "connections/direct/flows/direct/flow_id"
    ]
    disable(stacks, flow_id)
    drifted = stacks.command("status", "direct")
    assert drifted.returncode == 1
    assert "it is disabled" in drifted.stdout
    assert stacks.command("repair", "direct").returncode == 0
    assert stacks.command("status", "direct").returncode == 0
    assert stacks.command("destroy", "direct", "--yes").returncode == 0
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

    hourly = [{"action": "drift"}, {"action": "reconcile"}, {"look": "QuietSources"}]
    assert sorted(asked["rate(1 hour)"], key=str) == hourly
    assert asked["rate(6 hours)"] == [{"look": "Unaccounted"}]


@pytest.mark.parametrize("look", ["QuietSources", "Unaccounted"])
def test_checks_report_zero_without_a_problem(stacks: Stacks, look: str) -> None:
    answer = stacks.cloud.client("lambda").invoke(
        FunctionName=stacks.bridge.stack.resources["WatchFunction"],
        Payload=json.dumps({"look": look}).encode(),
    )

    assert json.loads(answer["Payload"].read()) == {look: 0}
