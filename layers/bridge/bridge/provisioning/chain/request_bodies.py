"""Build the request bodies for Flow Service, Data Prep, Catalog and the Schema Registry.

https://experienceleague.adobe.com/docs/experience-platform/sources/api-tutorials/create/streaming/http.html
"""

import json
from collections.abc import Mapping
from dataclasses import astuple
from typing import Any, Final

from bridge.names import ChainLocation, Slot
from bridge.provisioning.chain.desired import DesiredChain, DesiredFlow
from bridge.provisioning.chain.schema_bodies import field_group, schema

# Constants of the service, the same for every customer.
STREAMING_CONNECTION: Final = "bc7b00d6-623a-4dfc-9fdb-f1240aeadaeb"
DATA_LAKE: Final = "c604ff05-7f1a-43c0-8e18-33bf874cb11c"
FLOW_WITHOUT_MAPPING: Final = "d8a6f005-7eaf-4153-983e-e8574508b877"
FLOW_WITH_MAPPING: Final = "c1a19761-d2c7-4702-b9fa-fe91f0613e81"

_SCHEMA_VERSION: Final = "application/vnd.adobe.xed-full+json;version=1"


def body(
    slot: Slot, desired: DesiredChain, location: ChainLocation, ids: Mapping[Slot, str]
) -> dict[str, Any]:
    """The body to POST for a slot; `ids` contains the objects that it references."""
    if slot.kind == "connections":
        named = location.named(desired.name, desired.description)
        source_id = location.source_id(
            desired.name, authenticated=desired.authenticated, data_type=desired.data_type
        )
        return named | _connection(desired, source_id)
    flow = desired.flow(slot.flow)
    match slot.kind:
        case "fieldgroups" if flow.schema:
            return _described(flow, desired, location) | field_group(flow.schema)
        case "schemas" if flow.schema:
            profile = bool(flow.dataset and flow.dataset.profile)
            group_id = ids.get(Slot("fieldgroups", slot.flow), "")
            described = _described(flow, desired, location)
            return described | schema(flow.schema, group_id, profile=profile)
        case "dataSets":
            return _described(flow, desired, location) | _dataset(flow, ids)
        case "mappingSets":
            return _mapping_set(flow, desired, location, ids)
        case "sourceConnections":
            own: dict[str, Any] = {
                "baseConnectionId": ids[Slot("connections")],
                "connectionSpec": _spec(STREAMING_CONNECTION),
            }
        case "targetConnections":
            own = _target_connection(flow, ids)
        case "flows":
            own = _flow(flow, ids)
        case _:
            raise ValueError(f"flow {flow.name} has no {slot.kind}")
    return location.named(desired.name, flow.description, flow.name) | own


def dataset_id(flow: DesiredFlow, ids: Mapping[Slot, str]) -> str:
    """The dataset that a flow writes to."""
    return ids[Slot("dataSets", flow.name)] if flow.dataset else flow.dataset_id


def schema_id(flow: DesiredFlow, ids: Mapping[Slot, str]) -> str:
    """The `$id` of the schema of a flow's messages; empty if it is created and not in `ids`."""
    return ids.get(Slot("schemas", flow.name), "") if flow.schema else flow.schema_id


def _described(flow: DesiredFlow, desired: DesiredChain, location: ChainLocation) -> dict[str, Any]:
    """The description of an object whose name the properties choose."""
    return {"description": location.description_for(desired.name, flow.name, flow.description)}


def _spec(spec_id: str) -> dict[str, str]:
    return {"id": spec_id, "version": "1.0"}


def _schema_reference(flow: DesiredFlow, ids: Mapping[Slot, str]) -> dict[str, str]:
    return {"id": schema_id(flow, ids), "contentType": _SCHEMA_VERSION}


def _connection(desired: DesiredChain, source_id: str) -> dict[str, Any]:
    return {
        "connectionSpec": _spec(STREAMING_CONNECTION),
        "auth": {
            "specName": "Streaming Connection",
            "params": {
                "dataType": desired.data_type,
                "sourceId": source_id,
                "name": source_id,
                "authenticationRequired": desired.authenticated,
            },
        },
    }


def _dataset(flow: DesiredFlow, ids: Mapping[Slot, str]) -> dict[str, Any]:
    """Tags are for Profile; a dataset of the data lake needs none."""
    document: dict[str, Any] = {
        "schemaRef": _schema_reference(flow, ids),
        "enableErrorDiagnostics": True,
    }
    if flow.dataset:
        document["name"] = flow.dataset.name
        if flow.dataset.profile:
            enabled = ["enabled:true"]
            document["tags"] = {"unifiedIdentity": enabled, "unifiedProfile": enabled}
    return document


def _target_connection(flow: DesiredFlow, ids: Mapping[Slot, str]) -> dict[str, Any]:
    """Published examples omit either the format or the schema; Adobe accepts both."""
    return {
        "connectionSpec": _spec(DATA_LAKE),
        "data": {
            "format": "parquet_xdm",
            "schema": {"id": schema_id(flow, ids), "version": _SCHEMA_VERSION},
        },
        "params": {"dataSetId": dataset_id(flow, ids)},
    }


def _mapping_set(
    flow: DesiredFlow, desired: DesiredChain, location: ChainLocation, ids: Mapping[Slot, str]
) -> dict[str, Any]:
    """A mapping set has no description, so its name identifies its owner and its content."""
    content = json.dumps([flow.schema_id or flow.name, *map(astuple, flow.mappings)])
    return {
        "name": location.mapping_set_name(desired.name, flow.name, content),
        "outputSchema": {"schemaRef": _schema_reference(flow, ids)},
        "mappings": [
            {"sourceType": each.source_type, "source": each.source, "destination": each.destination}
            for each in flow.mappings
        ],
    }


def _flow(flow: DesiredFlow, ids: Mapping[Slot, str]) -> dict[str, Any]:
    """Without `state`, which Adobe rejects on creation; new flows are enabled."""
    ends = {
        "sourceConnectionIds": [ids[Slot("sourceConnections", flow.name)]],
        "targetConnectionIds": [ids[Slot("targetConnections", flow.name)]],
    }
    if flow.mapping_set:
        mapping = {
            "mappingId": flow.mapping_set.mapping_set_id,
            "mappingVersion": flow.mapping_set.version,
        }
    elif flow.mappings:
        # A mapping set that the bridge created is never changed, so its version stays 0.
        mapping = {"mappingId": ids[Slot("mappingSets", flow.name)], "mappingVersion": 0}
    else:
        return {"flowSpec": _spec(FLOW_WITHOUT_MAPPING), **ends}
    return {
        "flowSpec": _spec(FLOW_WITH_MAPPING),
        **ends,
        "transformations": [{"name": "Mapping", "params": mapping}],
    }
