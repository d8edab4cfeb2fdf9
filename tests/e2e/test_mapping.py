"""Tests of routes and maps in the deployed bridge, and of events that are not webhooks."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from adobe_emulator.settings import EVENTS_DATASET_ID
from adobe_emulator.xdm_schemas import EVENTS_SCHEMA_ID
from inlet_bridge.local.deployment import EVENT_SOURCE, EVENTS_OF
from inlet_bridge.local.scenario import Webhook
from inlet_bridge.local.stack import STAGE
from inlet_bridge.local.verdict import Message
from tests.support.deployment import Deployment
from tests.support.waiting import eventually

CONNECTION = {
    "Name": "mapped",
    "Flows": [
        {"Name": "events", "DatasetId": EVENTS_DATASET_ID, "SchemaId": EVENTS_SCHEMA_ID},
    ],
    "SettlingSeconds": "0",
}


def source(number: str) -> dict[str, Any]:
    """GitHub's webhooks on a dataset of ExperienceEvents, with what tells the map apart."""
    return {
        "Name": "mapped",
        "Provider": "github",
        "Secrets": [f"/inlet-bridge/{STAGE}/secrets/github"],
        "Connection": "mapped",
        "Routes": [
            {
                "When": "event_type == 'push'",
                "Flow": "events",
                "Map": {
                    "eventType": "'github.push'",
                    "_emulated": {"number": "body.number", "action": f"'{number}'"},
                },
            }
        ],
        "Otherwise": "drop",
    }


@pytest.fixture
def mapped(deployment: Deployment) -> Deployment:
    """Return a deployment with a source whose webhooks are mapped."""
    deployment.invoke_provisioner({"action": "apply", "connection": CONNECTION})
    deployment.invoke_provisioner({"action": "apply", "source": source("first")})
    assert '"ok": true' in deployment.answers[-1]
    return deployment


def entities(deployment: Deployment, wanted: Callable[[dict[str, Any]], bool]) -> list[Any]:
    """Return the entities that the inlet stored."""
    received = map(Message.from_ledger, deployment.bridge.adobe.ledger()["received"])
    read = (json.loads(message.content)["body"]["xdmEntity"] for message in received)
    return [entity for entity in read if wanted(entity)]


def is_mapped(entity: dict[str, Any]) -> bool:
    return entity.get("eventType") == "github.push"


def send(deployment: Deployment, webhook: Webhook) -> int:
    """Send to the mapped source."""
    return deployment.bridge.api.send(webhook, to="mapped").status


def test_changed_map_changes_the_messages_and_loses_none(
    mapped: Deployment,
) -> None:
    webhooks = [mapped.new_webhook() for _ in range(6)]
    for webhook in webhooks[:2]:
        assert send(mapped, webhook) in {200, 202}
    assert eventually(lambda: len(entities(mapped, is_mapped)) == 2)
    mapped.invoke_provisioner({"action": "apply", "source": source("second")})
    for webhook in webhooks[2:4]:  # The old document may still be cached for a minute.
        assert send(mapped, webhook) in {200, 202}
    mapped.restart("receiver")
    mapped.restart("forwarder")
    for webhook in webhooks[4:]:
        assert send(mapped, webhook) in {200, 202}

    assert eventually(lambda: len(entities(mapped, is_mapped)) == 6)
    actions = [each["_emulated"]["action"] for each in entities(mapped, is_mapped)]
    assert actions[:2] == ["first", "first"]
    assert actions[4:] == ["second", "second"]
    assert all(each["_id"] and each["timestamp"] for each in entities(mapped, is_mapped))
    assert mapped.bridge.adobe.ledger()["lost"] == []


def test_invalid_expression_fails_the_deployment_with_its_path(mapped: Deployment) -> None:
    bad = source("third")
    bad["Routes"][0]["Map"] = {"_emulated": {"number": "boddy.number"}}
    mapped.invoke_provisioner({"action": "apply", "source": bad})

    assert "Routes.0.Map: _emulated.number: reads boddy" in mapped.answers[-1]


def test_event_of_the_bus_is_delivered(deployment: Deployment) -> None:
    detail = json.dumps({"order": "from-the-bus"})
    entry = {"Source": EVENTS_OF, "DetailType": "order.created", "Detail": detail}
    answer = deployment.client("events").put_events(
        Entries=[entry, {**entry, "Source": "com.example.other"}]
    )

    assert answer["FailedEntryCount"] == 0
    event_id = answer["Entries"][0]["EventId"]
    assert eventually(
        lambda: len(entities(deployment, lambda each: each.get("id") == event_id)) == 1
    )
    records = deployment.bridge.deliveries.records
    assert eventually(lambda: records()[EVENT_SOURCE, event_id].state == "delivered"), records()
    other = answer["Entries"][1]["EventId"]
    assert entities(deployment, lambda each: each.get("id") == other) == []


def test_message_in_the_queue_is_delivered(deployment: Deployment) -> None:
    queue = deployment.bridge.sources.resources["Events"]
    sqs = deployment.client("sqs")
    message_id = sqs.send_message(QueueUrl=queue, MessageBody='{"order": "from-the-queue"}')[
        "MessageId"
    ]

    assert eventually(
        lambda: len(entities(deployment, lambda each: each.get("order") == "from-the-queue")) == 1
    )
    assert (EVENT_SOURCE, message_id) in deployment.bridge.deliveries.records()
