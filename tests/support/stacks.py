"""Small stacks whose custom resources the deployed provisioner serves."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

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

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """The `inlet` command as somebody types it who has read `aws.env`."""
        return subprocess.run(  # noqa: S603
            [str(Path(sys.executable).with_name("inlet")), *arguments, "--stack", STACK],
            env=self.cloud.environ(),
            capture_output=True,
            encoding="utf-8",
            check=False,
            timeout=MAX_SECONDS,
        )
