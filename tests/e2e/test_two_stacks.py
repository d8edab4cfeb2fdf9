"""The bridge and its sources are two stacks, which SAM and CloudFormation alone can deploy.

`aws cloudformation deploy` creates a change set and executes it:
https://docs.aws.amazon.com/cli/latest/reference/cloudformation/deploy/

Each test continues from the one before.
"""

import json
import os
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from adobe_emulator.settings import PERMISSIVE_DATASET_ID
from inlet_bridge.local.adobe_process import Adobe, start_emulated_adobe
from inlet_bridge.local.cloud import Cloud
from inlet_bridge.local.delivery import WebhookApi
from inlet_bridge.local.deployment import overrides
from inlet_bridge.local.ministack import start_ministack
from inlet_bridge.local.other_stacks import other_stacks
from inlet_bridge.local.parameters import Parameters
from inlet_bridge.local.samples import read_samples
from inlet_bridge.local.scenario import Variation, Webhook
from inlet_bridge.local.stack import Stack
from inlet_bridge.local.workspace import SAM, SAMPLES, SOURCES_FILE
from tests.support.built_artifacts import Built, shipped
from tests.support.waiting import MAX_SECONDS, eventually

BRIDGE, SOURCES = "inlet-bridge-dev", "inlet-bridge-dev-sources"
SECRET = "it-is-only-a-test"


@dataclass
class Account:
    """An emulated account and organization, as a user has them."""

    cloud: Cloud
    adobe: Adobe
    folder: Path
    built: Built

    def sam(self, *arguments: str) -> str:
        """Run `sam deploy` without questions; return its output."""
        environ = self.cloud.environ() | {"SAM_CLI_TELEMETRY": "0", "SAM_CLI_POLL_DELAY": "1"}
        ended = subprocess.run(  # noqa: S603
            [
                *(str(SAM), "deploy", "--capabilities", "CAPABILITY_IAM", "--resolve-s3"),
                *("--no-confirm-changeset", "--no-fail-on-empty-changeset", *arguments),
            ],
            cwd=self.folder,
            env=environ | self._own(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            check=False,
            timeout=MAX_SECONDS,
        )
        assert ended.returncode == 0, ended.stdout
        return ended.stdout

    def _own(self) -> dict[str, str]:
        # `sam deploy` leaves its temporary folders.
        folder = str(self.folder)
        return {"HOME": folder, "TMPDIR": folder, "PATH": os.environ["PATH"]}

    def client(self, service: str) -> Any:
        return self.cloud.client(service)

    def status(self, stack: str) -> str:
        [found] = self.client("cloudformation").describe_stacks(StackName=stack)["Stacks"]
        return str(found["StackStatus"])

    def deploy_as_the_aws_cli(self, stack: str, text: str, parameters: dict[str, str]) -> str:
        """What `aws cloudformation deploy` calls; return the status that the stack ends with."""
        client = self.client("cloudformation")
        name = f"awscli-cloudformation-package-deploy-{time.time_ns()}"
        client.create_change_set(
            StackName=stack,
            ChangeSetName=name,
            ChangeSetType="UPDATE" if self._exists(stack) else "CREATE",
            TemplateBody=text,
            Parameters=[
                {"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()
            ],
            Capabilities=["CAPABILITY_IAM"],
        )
        described = {"StackName": stack, "ChangeSetName": name}
        client.get_waiter("change_set_create_complete").wait(**described, WaiterConfig={"Delay": 1})
        client.execute_change_set(**described)
        assert eventually(lambda: not self.status(stack).endswith("IN_PROGRESS"))
        return self.status(stack)

    def _exists(self, stack: str) -> bool:
        try:
            return self.status(stack) != "REVIEW_IN_PROGRESS"
        except ClientError:
            return False

    def source_parameters(self) -> dict[str, str]:
        return {
            "DatasetId": self.adobe.dataset_id,
            "SchemaId": self.adobe.schema_id,
            "SettlingSeconds": "0",
        }


@pytest.fixture(scope="module")
def account(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Account]:
    folder = tmp_path_factory.mktemp("two-stacks")
    built = shipped(tmp_path_factory).copy(folder / "build")
    ministack, cloud = start_ministack(folder)
    with ministack:
        program, adobe = start_emulated_adobe(folder, 0, PERMISSIVE_DATASET_ID)
        with program:
            yield Account(cloud, adobe, folder, built)


def addresses(adobe: Adobe) -> list[str]:
    """The parameters that exist for another Adobe than the real one, and this machine's."""
    given = overrides(adobe)
    names = ("AdobeImsUrl", "AdobePlatformUrl", "InletHosts", "Architecture")
    return [f'{name}="{given[name]}"' for name in names]


def test_bridge_needs_no_parameter_no_credentials_and_no_connection(account: Account) -> None:
    """Only the addresses of the emulated services are given; nothing is in Parameter Store."""
    account.sam(
        *("--template-file", str(account.built.template), "--stack-name", BRIDGE),
        *("--parameter-overrides", *addresses(account.adobe)),
    )

    assert account.status(BRIDGE) == "CREATE_COMPLETE"
    stack = Stack(account.cloud, BRIDGE)
    assert stack.outputs()["WebhooksUrl"].endswith("/webhooks/")
    drift = account.client("lambda").invoke(
        FunctionName=stack.resources["ProvisionerFunction"], Payload=b'{"action": "drift"}'
    )
    assert json.loads(drift["Payload"].read()) == {"ok": True, "drift": {}}


def test_sources_are_deployed_without_a_build_by_sam(account: Account) -> None:
    secrets = Parameters(account.cloud, "dev")
    secrets.put_secrets({"adobe": account.adobe.credentials, "github": SECRET})
    given = [f'{name}="{value}"' for name, value in account.source_parameters().items()]

    account.sam(
        *("--template-file", str(SOURCES_FILE), "--stack-name", SOURCES),
        *("--parameter-overrides", *given),
    )

    outputs = Stack(account.cloud, SOURCES).outputs()
    assert outputs["WebhookUrl"].endswith("/webhooks/github")
    assert outputs["FlowId"]
    assert send(account).status in {200, 202}
    # An event source has costs, so there is none without its parameter.
    assert "Events" not in Stack(account.cloud, SOURCES).resources


def send(account: Account) -> Any:
    """Send a webhook to the deployed URL, as GitHub does."""
    api = Stack(account.cloud, BRIDGE).resources["WebhookApi"]
    webhooks = WebhookApi(account.cloud.endpoint, api, lambda _: SECRET)
    sample = read_samples(SAMPLES)["github/push"]
    return webhooks.send(Webhook(sample, Variation.NONE, f"d-{time.time_ns()}"))


def test_sources_are_deployed_by_calls_of_the_aws_cli(account: Account) -> None:
    text = SOURCES_FILE.read_text().replace("Name: github #", "Name: shop #")
    status = account.deploy_as_the_aws_cli(SOURCES, text, account.source_parameters())

    assert status == "UPDATE_COMPLETE"
    assert Stack(account.cloud, SOURCES).outputs()["WebhookUrl"].endswith("/webhooks/shop")
    sources = Parameters(account.cloud, "dev").below("sources")
    assert {name.split("/")[1] for name in sources} == {"shop", "preflight"}


def test_bridge_is_upgraded_below_the_sources(account: Account) -> None:
    before = Parameters(account.cloud, "dev").below("connections")

    account.sam(
        *("--template-file", str(account.built.template), "--stack-name", BRIDGE),
        *("--parameter-overrides", *addresses(account.adobe), "RecordDays=20"),
    )

    assert account.status(BRIDGE) == "UPDATE_COMPLETE"
    assert Parameters(account.cloud, "dev").below("connections") == before


def test_second_stack_of_sources_uses_the_connection_of_the_first(account: Account) -> None:
    """As from another repository."""
    token = {"Fn::ImportValue": {"Fn::Sub": "inlet-bridge-${Stage}-ServiceToken"}}
    source = {
        "Type": "Custom::WebhookSource",
        "Properties": {
            "ServiceToken": token,
            "Name": "team",
            "Provider": "github",
            "Secrets": [{"Fn::Sub": "/inlet-bridge/${Stage}/secrets/github"}],
            "Connection": "webhooks",
        },
    }
    template = {
        "Parameters": {"Stage": {"Type": "String", "Default": "dev"}},
        "Resources": {"Source": source},
    }

    status = account.deploy_as_the_aws_cli("team-sources", json.dumps(template), {})

    assert status == "CREATE_COMPLETE"


def test_bridge_cannot_be_deleted_before_the_sources(account: Account) -> None:
    client = account.client("cloudformation")
    with pytest.raises(ClientError, match="inlet-bridge-dev-ServiceToken"):
        client.delete_stack(StackName=BRIDGE)
    assert account.status(BRIDGE) == "UPDATE_COMPLETE"

    # The connection is in use by the source of the other stack.
    others = other_stacks(account.cloud)
    assert [each.name for each in others] == ["team-sources", SOURCES, BRIDGE]
    for each in others:
        each.delete()

    parameters = Parameters(account.cloud, "dev")
    assert not parameters.below("connections")
    assert not parameters.below("sources")
    assert account.adobe.objects() == 0
