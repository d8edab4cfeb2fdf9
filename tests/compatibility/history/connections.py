"""The connections of the samples: each parameter that a chain can have."""

import hashlib
from collections.abc import Mapping
from typing import Any, Final

import pytest
import requests

from adobe_emulator.settings import DATASET_ID, EVENTS_DATASET_ID
from adobe_emulator.xdm_schemas import EVENTS_SCHEMA_ID, SCHEMA_ID
from bridge.adapters.adobe.flow_service import AdobeFlowService
from bridge.provisioning.journal import OpenJournal
from tests.compatibility.installation import Installation
from tests.support.adobe_client import Client
from tests.support.replay_bench import KilledError

PLAIN: Final = {"DatasetId": DATASET_ID, "SchemaId": SCHEMA_ID}
ORDERS: Final = [{"Name": "orders", **PLAIN}, {"Name": "returns", **PLAIN}]
OWN: Final[dict[str, Any]] = {
    "Name": "orders",
    "Schema": {
        "Name": "Orders",
        "FieldGroups": ["https://ns.adobe.com/xdm/context/experienceevent-commerce"],
        "Fields": {"order": {"id": "string", "total": "number", "tags": ["string"]}},
        "Identities": [
            {"Field": "_emulated.order.id", "Namespace": "hubspot", "Primary": "true"},
        ],
    },
    "Dataset": {"Name": "Orders"},
}
LARGE: Final = {"Name": "events", "DatasetId": EVENTS_DATASET_ID, "SchemaId": EVENTS_SCHEMA_ID}
MAPPED: Final = {
    "Name": "events",
    **PLAIN,
    "Mappings": [{"Source": "id", "Destination": "_id"}],
}
# Too many for one parameter, even compressed.
_FIELDS: Final = 400


def create_connections(installation: Installation) -> None:
    """Create all connections, and let their flows settle."""
    provisioned = installation.cloud.provisioned
    enlarge_schema(installation)
    created = provisioned.send("connection-create", SettlingSeconds="0")
    assert created["Status"] == "SUCCESS", created["Reason"]
    updated = provisioned.send("connection-update", SettlingSeconds="0")
    assert updated["Status"] == "SUCCESS", updated["Reason"]
    installation.applied(connection={"Name": "own", "Flows": [OWN]})
    installation.applied(connection={"Name": "large", "Flows": [LARGE], "SettlingSeconds": "0"})
    raw = {"Name": "raw", "DataType": "raw", "Flows": [MAPPED], "Description": "Invented."}
    installation.applied(connection=raw)
    _adopt(installation)
    _retain(installation)
    installation.pass_time(minutes=10)


def enlarge_schema(installation: Installation) -> None:
    """Give a schema so many fields that its constraints need several parameters."""
    schemas = installation.cloud.adobe.schemas
    names = (hashlib.sha1(str(each).encode()).hexdigest() for each in range(_FIELDS))  # noqa: S324
    more = {f"f{name}": {"type": "string", "maxLength": 9} for name in names}
    before = schemas[EVENTS_SCHEMA_ID]
    schemas[EVENTS_SCHEMA_ID] = {**before, "properties": {**before["properties"], **more}}


def replace_connection(installation: Installation) -> None:
    """Replace a generation, which CloudFormation has not deleted yet."""
    provisioned = installation.cloud.provisioned
    given: dict[str, Any] = {"Name": "moved", "Flows": ORDERS[:1], "SettlingSeconds": "0"}
    created = provisioned.send("connection-create", **given)
    assert created["Status"] == "SUCCESS", created["Reason"]
    changed = {**given, "Authenticated": "false"}
    replaced = provisioned.send("connection-update", created["PhysicalResourceId"], **changed)
    assert replaced["Status"] == "SUCCESS", replaced["Reason"]
    assert replaced["PhysicalResourceId"] != created["PhysicalResourceId"]
    installation.pass_time(minutes=10)


def interrupt(installation: Installation) -> None:
    """Kill a run before the flow of its chain exists; nobody ends its lease."""
    create = AdobeFlowService.create

    def die(service: AdobeFlowService, kind: str, body: Mapping[str, Any]) -> str:
        if kind == "flows":
            raise KilledError
        return create(service, kind, body)

    given = {"Name": "interrupted", "Flows": [{"Name": "orders", **PLAIN}]}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(AdobeFlowService, "create", die)
        patch.setattr(OpenJournal, "expire", lambda _: None)
        with pytest.raises(KilledError):
            installation.cloud.provisioned.ask(action="apply", connection=given)


def _adopt(installation: Installation) -> None:
    """Adopt a base connection that somebody else created."""
    with requests.Session() as session:
        base = Client(installation.cloud.adobe, session).connection("by hand")
    flows = [{"Name": "orders", **PLAIN}]
    installation.applied(
        connection={
            "Name": "adopted",
            "Flows": flows,
            "ConnectionId": base,
            "Authenticated": "false",
        }
    )


def _retain(installation: Installation) -> None:
    """Delete the stack of a connection that is retained."""
    provisioned = installation.cloud.provisioned
    given: dict[str, Any] = {"Name": "retained", "Flows": ORDERS[:1], "OnDelete": "Retain"}
    created = provisioned.send("connection-create", **given)
    assert created["Status"] == "SUCCESS", created["Reason"]
    deleted = provisioned.send("connection-delete", created["PhysicalResourceId"], **given)
    assert deleted["Status"] == "SUCCESS", deleted["Reason"]
