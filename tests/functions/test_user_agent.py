"""Every request names the bridge and its version."""

from typing import Any

import boto3

from adobe_emulator.settings import DATASET_ID
from adobe_emulator.xdm_schemas import SCHEMA_ID
from bridge.version import USER_AGENT
from functions.provisioner import wiring
from tests.support.delivery_cloud import DeliveryCloud
from tests.support.webhook_events import signed

MAPPED = {
    "Name": "orders",
    "DatasetId": DATASET_ID,
    "SchemaId": SCHEMA_ID,
    "Mappings": [{"Source": "id", "Destination": "_id"}],
}
FLOW_SERVICE = "/data/foundation/flowservice"


def test_requests_to_adobe_and_cloudformation(cloud: DeliveryCloud) -> None:
    provisioned = cloud.provisioned
    raw = {"Name": "raw", "DataType": "raw", "Flows": [MAPPED]}
    assert provisioned.ask(action="apply", connection=raw)["ok"]
    assert provisioned.ask(action="status", connection="raw")["ok"]
    assert provisioned.ask(action="destroy", connection="raw")["ok"]
    assert cloud.receive(signed("github-signed")).status in (200, 202)
    cloud.forward_what_waits()

    asked = {path for path, _ in cloud.adobe.user_agents}
    assert {user_agent for _, user_agent in cloud.adobe.user_agents} == {USER_AGENT}
    assert asked >= {
        "/ims/token/v3",
        f"{FLOW_SERVICE}/connections",
        f"{FLOW_SERVICE}/flows/{{id}}",
        "/data/foundation/conversion/mappingSets",
        "/data/foundation/catalog/dataSets/{id}",
        "/data/foundation/schemaregistry/tenant/schemas/{id:path}",
        "/data/core/hygiene/ttl",
    }
    assert any(path.startswith("/collection/") for path in asked)
    assert provisioned.listener.headers[-1]["user-agent"] == USER_AGENT


def test_requests_to_aws(cloud: DeliveryCloud) -> None:
    sent: set[str] = set()

    def watch(request: Any, **_: object) -> None:
        sent.add(request.headers["User-Agent"].decode())

    session: Any = boto3.DEFAULT_SESSION
    session.events.register_first("before-send", watch)
    wiring.provisioner.cache_clear()
    assert cloud.provisioned.ask(action="status")["ok"]

    assert sent
    assert all(USER_AGENT in user_agent.split() for user_agent in sent), sent
