"""A deployed bridge, with the actions of the end-to-end tests."""

import copy
import itertools
import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests
from botocore.exceptions import ClientError

from adobe_emulator.settings import PERMISSIVE_DATASET_ID
from inlet_bridge.local.adobe_process import start_emulated_adobe
from inlet_bridge.local.delivery import Outcome
from inlet_bridge.local.deployment import Bridge, deploy_bridge
from inlet_bridge.local.extra_sources import CONNECTION
from inlet_bridge.local.ministack import start_ministack
from inlet_bridge.local.samples import Sample
from inlet_bridge.local.scenario import Variation, Webhook
from inlet_bridge.local.workspace import TEMPLATE
from tests.support.built_artifacts import Built, installed
from tests.support.leak_detection import PLANTED
from tests.support.sam_template import sources_template
from tests.support.waiting import MAX_SECONDS


@dataclass
class Deployment:
    """A deployed bridge and the actions of tests on it.

    Attributes:
        folder: for files of the test, and with the logs.
        built: the artifacts that were deployed. Tests only read them.
    """

    bridge: Bridge
    folder: Path
    built: Built
    numbers: Iterator[int] = field(default_factory=itertools.count)
    answers: list[str] = field(default_factory=list)

    def client(self, service: str) -> Any:
        return self.bridge.stack.cloud.client(service)

    def new_webhook(self, note: str = "") -> Webhook:
        """A webhook with new content and a new delivery id."""
        number = next(self.numbers)
        # Without empty values, which a message to an xdm connection does not have.
        noted = {"note": note} if note else {}
        body = json.dumps({"number": number, **noted, "by": "canary@example.com"}).encode()
        sample = Sample("github/push", "github", "push", body)
        return Webhook(sample, Variation.NONE, f"delivery-{number}")

    def send(self) -> Outcome:
        """Send a new webhook."""
        return self.bridge.api.send(self.new_webhook())

    def inlet_answers(
        self, status: int, times: int, *, batches: bool = False, retry_after: int | None = None
    ) -> None:
        """Plan error responses of the inlet: to the receiver's requests, or to batches."""
        headers = {} if retry_after is None else {"Retry-After": str(retry_after)}
        name = f"connections/{CONNECTION}/inlet_id"
        inlet = self.bridge.parameters.below(f"connections/{CONNECTION}")[name]
        fault = {
            "service": "inlet",
            "path": f"/collection/{'batch/' if batches else ''}{inlet}",
            "times": times,
            "effect": {"kind": "answer", "status": status, "headers": headers, "body": "{}"},
        }
        url = f"{self.bridge.adobe.emulator}/_emulator/faults"
        requests.post(url, json=fault, timeout=MAX_SECONDS).raise_for_status()

    def inlet_refuses(self, marker: str) -> None:
        """Make the inlet reject all messages with this text."""
        url = f"{self.bridge.adobe.emulator}/_emulator/poisons"
        poison = {"marker": marker, "status": 400}
        requests.post(url, json=poison, timeout=MAX_SECONDS).raise_for_status()

    def clear_faults(self) -> None:
        """Remove the faults and poisons that no request has met."""
        url = f"{self.bridge.adobe.emulator}/_emulator/faults"
        requests.delete(url, timeout=MAX_SECONDS).raise_for_status()

    def invoke_provisioner(self, request: dict[str, Any]) -> None:
        """Invoke the provisioner directly and keep its response, which contains errors."""
        answer = self.client("lambda").invoke(
            FunctionName=self.bridge.stack.resources["ProvisionerFunction"],
            Payload=json.dumps(request).encode(),
        )
        self.answers.append(answer["Payload"].read().decode())

    def see_that_nothing_leaked(self) -> None:
        """Assert that no function logged a secret, a token or a body."""
        planted = {*PLANTED, "Bearer ", *self._secrets()}
        output = [
            text for text in self.logged() if any(secret in text for secret in planted if secret)
        ]
        assert output == []

    def logged(self) -> list[str]:
        """All log lines of all functions; none after the stack and its logs were deleted."""
        try:
            return [*self.bridge.logs.texts()]
        except ClientError as exc:
            if exc.response["Error"]["Code"] != "ResourceNotFoundException":
                raise
            return []

    def _secrets(self) -> Iterator[str]:
        ssm = self.client("ssm")
        pages = ssm.get_paginator("get_parameters_by_path").paginate(
            Path=self.bridge.parameters.prefix, Recursive=True, WithDecryption=True
        )
        kept = [each for page in pages for each in page["Parameters"]]
        yield from (each["Value"] for each in kept if each["Type"] == "SecureString")
        yield json.loads(self.bridge.adobe.credentials)["client_secret"]

    def denials(self, function: str) -> int:
        """The number of AccessDenied errors of a function, in its log or its responses."""
        output = [line.text for line in self.bridge.logs.lines([function.title()])]
        if function == "provisioner":
            output += self.answers
        return sum("AccessDenied" in text for text in output)

    def restart(self, function: str) -> None:
        """Start new environments of a function, without its caches, by changing its memory."""
        functions = self.client("lambda")
        name = self.bridge.stack.resources[f"{function.title()}Function"]
        memory = functions.get_function_configuration(FunctionName=name)["MemorySize"]
        functions.update_function_configuration(FunctionName=name, MemorySize=memory + 1)
        functions.get_waiter("function_updated_v2").wait(
            FunctionName=name, WaiterConfig={"Delay": 0.2, "MaxAttempts": round(MAX_SECONDS / 0.2)}
        )
        if function == "receiver":
            # Its alias points to a version, which does not change.
            version = functions.publish_version(FunctionName=name)["Version"]
            functions.update_alias(FunctionName=name, Name="live", FunctionVersion=version)

    def workers(self, function: str) -> Iterator[int]:
        """The processes of this machine that run a function of this deployment."""
        wanted = {
            f"AWS_ENDPOINT_URL={self.bridge.stack.cloud.endpoint}".encode(),
            f"POWERTOOLS_SERVICE_NAME={function}".encode(),
        }
        for path in Path("/proc").glob("[0-9]*/environ"):
            with suppress(OSError):
                if wanted <= set(path.read_bytes().split(b"\0")):
                    yield int(path.parent.name)

    @contextmanager
    def without(self, function: str, sid: str) -> Iterator[None]:
        """Remove one statement from the role of a function until the block ends."""
        iam = self.client("iam")
        role = self.bridge.stack.resources[f"{function.title()}Role"]
        # sources.yaml adds another policy to the role of the forwarder.
        (policy,) = (
            name
            for name in iam.list_role_policies(RoleName=role)["PolicyNames"]
            if not name.startswith("events-")
        )
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


def without_maps() -> dict[str, Any]:
    """The template of the sources, whose messages are the bodies."""
    document = copy.deepcopy(sources_template())
    for name in ("WebhookSource", "EventSource"):
        del document["Resources"][name]["Properties"]["Routes"]
    return document


@contextmanager
def deployed(folder: Path, artifacts: Built | None = None) -> Iterator[Deployment]:
    """Deploy a bridge whose flow needs no settling, until the block ends.

    Args:
        folder: for logs.
        artifacts: what to deploy; None for what `inlet up` deploys.
    """
    built = artifacts or installed()
    with ExitStack() as stack:
        ministack, cloud = start_ministack(folder)
        stack.enter_context(ministack)
        # Tests post arbitrary bodies: a dataset that takes any object, and no Map.
        program, adobe = start_emulated_adobe(folder, 0, PERMISSIVE_DATASET_ID)
        stack.enter_context(program)
        bridge = deploy_bridge(
            cloud,
            adobe,
            template=TEMPLATE,
            sources=json.dumps(without_maps()),
            settling_seconds=0,
            step=lambda _: ExitStack(),
            built=built.template,
            maps=False,
        )
        deployment = Deployment(bridge, folder, built)
        yield deployment
        deployment.see_that_nothing_leaked()
