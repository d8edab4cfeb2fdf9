"""Request bodies of the Flow Service, and what of an existing object has to equal them.

https://experienceleague.adobe.com/docs/experience-platform/sources/api-tutorials/create/streaming/http.html
"""

from collections.abc import Mapping
from typing import Any, Final

from bridge.chain.desired import DesiredChain
from bridge.chain.names import Kind, Place, Slot

# Constants of the service, the same for every customer.
STREAMING_CONNECTION: Final = "bc7b00d6-623a-4dfc-9fdb-f1240aeadaeb"
DATA_LAKE: Final = "c604ff05-7f1a-43c0-8e18-33bf874cb11c"
FLOW_WITHOUT_MAPPING: Final = "d8a6f005-7eaf-4153-983e-e8574508b877"
FLOW_WITH_MAPPING: Final = "c1a19761-d2c7-4702-b9fa-fe91f0613e81"

_SCHEMA_VERSION: Final = "application/vnd.adobe.xed-full+json;version=1"


def body(
    slot: Slot, desired: DesiredChain, place: Place, ids: Mapping[Slot, str]
) -> dict[str, Any]:
    """What to POST for a slot; `ids` holds the objects that it builds on."""
    common = {
        "name": place.object_name(desired.name, slot.flow),
        "description": place.description,
    }
    match slot.kind:
        case "connections":
            return common | _connection(desired, place)
        case "sourceConnections":
            return common | {
                "baseConnectionId": ids[Slot("connections")],
                "connectionSpec": _spec(STREAMING_CONNECTION),
            }
        case "targetConnections":
            return common | _target_connection(desired, slot.flow)
        case "flows":
            return common | _flow(desired, slot.flow, ids)


def differences(
    kind: Kind, wanted: Mapping[str, Any], actual: Mapping[str, Any]
) -> tuple[str, ...]:
    """What of an existing object is not as wanted, as words for people.

    Names and descriptions do not count: an object that somebody renamed still does its work.
    """
    ours, theirs = _essence(kind, wanted), _essence(kind, actual)
    return tuple(name for name in ours if ours[name] != theirs[name])


def _spec(spec_id: str) -> dict[str, str]:
    return {"id": spec_id, "version": "1.0"}


def _connection(desired: DesiredChain, place: Place) -> dict[str, Any]:
    source_id = place.source_id(
        desired.name, authenticated=desired.authenticated, data_type=desired.data_type
    )
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


def _target_connection(desired: DesiredChain, name: str) -> dict[str, Any]:
    """Format and schema: each published variant leaves one of them out, both are accepted."""
    flow = desired.flow(name)
    return {
        "connectionSpec": _spec(DATA_LAKE),
        "data": {
            "format": "parquet_xdm",
            "schema": {"id": flow.schema_id, "version": _SCHEMA_VERSION},
        },
        "params": {"dataSetId": flow.dataset_id},
    }


def _flow(desired: DesiredChain, name: str, ids: Mapping[Slot, str]) -> dict[str, Any]:
    """No `state`: Adobe refuses it on creation, flows come up enabled."""
    mapping_set = desired.flow(name).mapping_set
    ends = {
        "sourceConnectionIds": [ids[Slot("sourceConnections", name)]],
        "targetConnectionIds": [ids[Slot("targetConnections", name)]],
    }
    if mapping_set is None:
        return {"flowSpec": _spec(FLOW_WITHOUT_MAPPING), **ends}
    mapping = {
        "mappingId": mapping_set.mapping_set_id,
        "mappingVersion": mapping_set.version,
    }
    return {
        "flowSpec": _spec(FLOW_WITH_MAPPING),
        **ends,
        "transformations": [{"name": "Mapping", "params": mapping}],
    }


def _essence(kind: Kind, item: Mapping[str, Any]) -> dict[str, Any]:
    match kind:
        case "connections":
            return {
                "the kind of connection": _at(item, "connectionSpec", "id"),
                "the data type": _at(item, "auth", "params", "dataType"),
                # Adobe leaves it out of some answers; its default is false.
                "authentication": bool(_at(item, "auth", "params", "authenticationRequired")),
            }
        case "sourceConnections":
            return {"the base connection": _at(item, "baseConnectionId")}
        case "targetConnections":
            return {
                "the kind of target": _at(item, "connectionSpec", "id"),
                "the dataset": _at(item, "params", "dataSetId"),
                "the schema": _at(item, "data", "schema", "id"),
            }
        case "flows":
            return {
                "the kind of flow": _at(item, "flowSpec", "id"),
                "the source connection": _at(item, "sourceConnectionIds"),
                "the target connection": _at(item, "targetConnectionIds"),
                "the mapping set": _at(item, "transformations", 0, "params", "mappingId"),
                "the mapping's version": _at(
                    item, "transformations", 0, "params", "mappingVersion"
                ),
            }


def _at(value: Any, *path: str | int) -> Any:
    """A value deep inside what Adobe answered, or None when the way there is missing."""
    for step in path:
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            return None
    return value
