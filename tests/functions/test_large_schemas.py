"""Schemas that are too large for a source document are parameters of their own."""

import json

import boto3

from tests.support.checked_messages import GOOD, SCHEMA, configure, entities, reasons, send
from tests.support.delivery_cloud import DeliveryCloud
from tests.support.webhook_events import signed

# About 60 kB of JSON, as an ExperienceEvent with many field groups has.
FIELDS = {f"field{n * 7919 % 104729:x}": {"type": "string", "minLength": n} for n in range(1_500)}
LARGE = {**SCHEMA, "properties": {**SCHEMA["properties"], **FIELDS}}
SCHEMAS = "/inlet-bridge/dev/schemas/"


def stored(cloud: DeliveryCloud) -> dict[str, str]:
    found = cloud.provisioned.parameters()
    return {name: text for name, text in found.items() if name.startswith(SCHEMAS)}


def test_receiver_and_forwarder_read_the_schema(cloud: DeliveryCloud) -> None:
    configure(cloud, LARGE)

    assert send(cloud, GOOD) == 200
    assert send(cloud, {**GOOD, "level": "Gold"}) == 202
    assert entities(cloud) == [GOOD]
    fault = "enum at level: it takes gold or silver"
    assert reasons(cloud) == [f"invalid message: the message does not fit its schema: {fault}"]
    assert len(stored(cloud)) > 1
    assert all(len(text) <= 4_096 for text in stored(cloud).values())


def test_schema_is_shared_and_deleted_with_its_last_source(cloud: DeliveryCloud) -> None:
    configure(cloud, LARGE)
    before = stored(cloud)
    cloud.configure("shopify")
    assert stored(cloud) == before

    answer = cloud.provisioned.send("source-delete", "inlet-bridge/dev/sources/github")
    assert answer["Status"] == "SUCCESS"
    assert stored(cloud) == before
    assert cloud.provisioned.ask(action="destroy", source="shopify")["ok"] is False
    answer = cloud.provisioned.send(
        "source-delete", existing="inlet-bridge/dev/sources/shopify", Name="shopify"
    )
    assert answer["Status"] == "SUCCESS"
    assert stored(cloud) == {}


def test_webhooks_wait_while_the_schema_cannot_be_read(cloud: DeliveryCloud) -> None:
    configure(cloud, LARGE)
    boto3.client("ssm").delete_parameters(Names=list(stored(cloud))[:1])

    event = signed("github-signed", body=json.dumps(GOOD).encode())
    assert cloud.receive(event).status == 202
    assert cloud.forward_what_waits() == [0]
    assert (cloud.dead(), entities(cloud)) == ([], [])
    [record] = cloud.records()
    assert "is not in SSM; deploy the source again" in record["reason"]


def test_changed_schema_is_drift_and_repaired(cloud: DeliveryCloud) -> None:
    configure(cloud, LARGE)
    before = stored(cloud)
    more = {**LARGE["properties"], "nickname": {"type": "string"}}
    cloud.adobe.schemas[SCHEMA["$id"]] = {**LARGE, "properties": more}

    answer = cloud.provisioned.ask(action="status", connection="orders")
    [drift] = answer["connection"]["drift"]
    assert "as it was before it changed at Adobe" in drift["reason"]
    repaired = cloud.provisioned.ask(action="repair", connection="orders")
    assert repaired["ok"], repaired
    assert cloud.provisioned.ask(action="status", connection="orders")["connection"]["drift"] == []
    assert stored(cloud).keys() > before.keys()
    cloud.restart()
    assert send(cloud, {**GOOD, "nickname": "Jo"}) == 200


def test_schema_that_cannot_be_read_is_a_warning_and_a_finding(cloud: DeliveryCloud) -> None:
    del cloud.adobe.schemas[SCHEMA["$id"]]
    answer = cloud.provisioned.create_source(
        {"Name": "later", "Provider": "github", "Secrets": ["/inlet-bridge/dev/secrets/github"]}
    )

    assert answer["Status"] == "SUCCESS"
    assert "are not checked before they are sent" in answer["Reason"]
    findings = {each["check"]: each for each in cloud.provisioned.ask(action="doctor")["findings"]}
    finding = findings["messages of source later to flow orders are checked with their schema"]
    assert "has no schema" in finding["advice"]
