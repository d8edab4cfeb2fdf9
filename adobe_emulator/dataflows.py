"""Validate new and changed flows as Flow Service does.

Sources: "Create an HTTP API streaming connection" and the error catalogues. That
a spec must match the data type of the connection is documented for raw only; for XDM it is a guess.
"""

from typing import Any

from adobe_emulator.creation import Document, allow_members, require_existing, require_name
from adobe_emulator.emulator import Adobe
from adobe_emulator.flow_errors import flow_error, invalid
from adobe_emulator.mapping_sets import schema_of
from adobe_emulator.resources import Kind, Resource
from adobe_emulator.specs import MAPPED_FLOW, VERSION, XDM_FLOW

_SPEC_OF_DATA_TYPE = {"xdm": XDM_FLOW, "raw": MAPPED_FLOW}


def check_flow(adobe: Adobe, body: Document) -> Document:
    """Validate a flow from one source to one target. Raises RefusedError."""
    if "state" in body:
        raise flow_error("1410-400", "state must not be sent")
    allow_members(
        body,
        "flowSpec",
        "sourceConnectionIds",
        "targetConnectionIds",
        "transformations",
        "scheduleParams",
    )
    require_name(body)
    source_id = _only(adobe, Kind.SOURCE_CONNECTIONS, body.get("sourceConnectionIds"))
    target_id = _only(adobe, Kind.TARGET_CONNECTIONS, body.get("targetConnectionIds"))
    source = adobe.resources.document(Kind.SOURCE_CONNECTIONS, source_id)
    base = adobe.resources.document(Kind.CONNECTIONS, source["baseConnectionId"])
    target = adobe.resources.document(Kind.TARGET_CONNECTIONS, target_id)
    spec_id = _SPEC_OF_DATA_TYPE[base["auth"]["params"]["dataType"]]
    if body.get("flowSpec") != {"id": spec_id, "version": VERSION}:
        raise invalid(f"flowSpec must be {spec_id} in version {VERSION} for this data type")
    transformations = body.get("transformations", [])
    if spec_id == MAPPED_FLOW:
        _check_mapping(adobe, transformations, target["params"]["dataSetId"])
    elif transformations != []:
        raise invalid("this flowSpec takes no transformations")
    return body


def flow_read_back(adobe: Adobe, flow: Resource) -> Document:
    """The members that a flow has only in responses."""
    source, target = adobe.resources.source_of(flow), adobe.resources.target_of(flow)
    base = adobe.resources.connection_of(source)
    return {
        "inheritedAttributes": {
            "properties": {"isSourceFlow": True},
            "sourceConnections": [{**_reference(source), "baseConnection": _reference(base)}],
            "targetConnections": [_reference(target)],
        },
        "runs": f"/runs?property=flowId=={flow.id}",
        "lastOperation": {
            "started": flow.updated_ms,
            "updated": flow.updated_ms,
            "operation": "enable" if flow.enabled else "disable",
            "percentCompleted": 100,
            "status": {"value": "SUCCESS", "errors": []},
        },
    }


def _reference(resource: Resource) -> Document:
    return {"id": resource.id, "connectionSpec": resource.document["connectionSpec"]}


def _only(adobe: Adobe, kind: Kind, ids: Any) -> str:
    match ids:
        case [str(resource_id)]:
            require_existing(adobe, kind, resource_id)
            return resource_id
    raise flow_error("1321-400", f"the length of {kind} should be one")


def _check_mapping(adobe: Adobe, transformations: Any, dataset_id: str) -> None:
    match transformations:
        case [{"name": "Mapping", "params": {"mappingId": str(mapping_id), **params}}]:
            pass
        case _:
            raise invalid("exactly one transformation named Mapping with a mappingId is needed")
    mapping_set = adobe.mapping_sets.get(mapping_id)
    if mapping_set is None:
        raise invalid(f"no mapping set {mapping_id}")
    # A number in the tutorial, a string in the OpenAPI file.
    if str(params.get("mappingVersion")) != str(mapping_set["version"]):
        raise flow_error("1412-400", "mappingVersion is not a version of the mapping set")
    if schema_of(mapping_set) != adobe.datasets.schema_of(dataset_id):
        raise flow_error("1425-400", "the schemas of mapping set and dataset differ")
