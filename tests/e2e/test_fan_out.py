"""A webhook becomes several messages: one per event of a list, and one per target of its route."""

import json
from collections import Counter
from typing import Any

import pytest

from adobe_emulator.settings import EVENTS_DATASET_ID
from adobe_emulator.xdm_schemas import EVENTS_SCHEMA_ID
from inlet_bridge.local.samples import Sample
from inlet_bridge.local.scenario import Variation, Webhook
from inlet_bridge.local.stack import STAGE
from inlet_bridge.local.verdict import Message
from tests.support.deployment import Deployment
from tests.support.waiting import eventually

FLOW = {"DatasetId": EVENTS_DATASET_ID, "SchemaId": EVENTS_SCHEMA_ID}
CONNECTION = {
    "Name": "fan-out",
    "Flows": [{"Name": name, **FLOW} for name in ("one", "other")],
    "SettlingSeconds": "0",
}
NUMBER = {"_emulated": {"number": "body.number"}}


def source(name: str, *targets: str, **properties: Any) -> dict[str, Any]:
    """GitHub's webhooks to some flows; the type of a message names the flow."""
    return {
        "Name": name,
        "Provider": "github",
        "Secrets": [f"/inlet-bridge/{STAGE}/secrets/github"],
        "Connection": "fan-out",
        "Routes": [
            {
                "Targets": [
                    {"Flow": flow, "Map": {"eventType": f"'{name}.{flow}'", **NUMBER}}
                    for flow in targets
                ]
            }
        ],
        **properties,
    }


@pytest.fixture(scope="module")
def fanned_out(deployment: Deployment) -> Deployment:
    """A deployment with a source that splits, one with two targets, and one that does both."""
    deployment.invoke_provisioner({"action": "apply", "connection": CONNECTION})
    for properties in (
        source("split", "one", Split="body.events"),
        source("targets", "one", "other"),
        source("split-targets", "one", "other", Split="body.events"),
    ):
        deployment.invoke_provisioner({"action": "apply", "source": properties})
        assert '"ok": true' in deployment.answers[-1]
    return deployment


def messages(deployment: Deployment, name: str) -> Counter[tuple[str, int]]:
    """The type and the number of each message of a source at the inlet."""
    received = map(Message.from_ledger, deployment.bridge.adobe.ledger()["received"])
    entities = (json.loads(message.content)["body"]["xdmEntity"] for message in received)
    return Counter(
        (entity["eventType"], entity["_emulated"]["number"])
        for entity in entities
        if entity.get("eventType", "").startswith(f"{name}.")
    )


@pytest.mark.parametrize(
    ("name", "body", "expected"),
    [
        (
            "split",
            {"events": [{"number": number} for number in range(12)]},
            {("split.one", number) for number in range(12)},
        ),
        ("targets", {"number": 1}, {("targets.one", 1), ("targets.other", 1)}),
        (
            "split-targets",
            {"events": [{"number": 1}, {"number": 2}]},
            {(f"split-targets.{flow}", number) for flow in ("one", "other") for number in (1, 2)},
        ),
    ],
)
def test_webhook_of_several_messages_is_accepted_and_each_arrives_once(
    fanned_out: Deployment, name: str, body: dict[str, Any], expected: set[tuple[str, int]]
) -> None:
    """The receiver buffers them with SendMessageBatch, which its role allows as on AWS."""
    content = json.dumps(body).encode()
    webhook = Webhook(Sample("github/push", "github", "push", content), Variation.NONE, f"{name}-1")

    assert fanned_out.bridge.api.send(webhook, to=name).status == 202
    assert eventually(lambda: messages(fanned_out, name).keys() == expected)
    assert fanned_out.bridge.api.send(webhook, to=name).status in {200, 202}
    assert set(messages(fanned_out, name).values()) == {1}


def test_forwarder_may_be_invoked_for_messages_that_it_sent(deployment: Deployment) -> None:
    """Lambda would stop a chain of about 16 invocations."""
    function = deployment.bridge.stack.resources["ForwarderFunction"]
    answer = deployment.client("lambda").get_function_recursion_config(FunctionName=function)

    assert answer["RecursiveLoop"] == "Allow"
