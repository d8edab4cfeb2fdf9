"""Validate new base, source and target connections as Flow Service does.

Sources: "Create an HTTP API streaming connection", the error catalogues, the Flow Service OpenAPI
file. Rejecting members that none of them names is a strict guess.
"""

import re
from typing import Any

from adobe_emulator.emulator import Adobe
from adobe_emulator.flow_errors import flow_error, invalid
from adobe_emulator.resources import Kind
from adobe_emulator.specs import DATA_LAKE, STREAMING_AUTH, STREAMING_CONNECTION, VERSION

type Document = dict[str, Any]

_SCHEMA_VERSION = re.compile(r"application/vnd\.adobe\.xed-full\+json; ?version=1(\.0)?")


def check_connection(adobe: Adobe, body: Document) -> Document:
    """Validate a base connection and its inlet. Raises RefusedError."""
    allow_members(body, "auth")
    name = require_name(body)
    _require_spec(body, STREAMING_CONNECTION)
    match body.get("auth"):
        case {"specName": str(spec_name), "params": dict(params)}:
            pass
        case _:
            raise invalid("auth needs a specName and params")
    if spec_name != STREAMING_AUTH:
        raise invalid(f"auth.specName must be {STREAMING_AUTH}")
    if params.get("dataType") not in ("xdm", "raw"):
        raise invalid("auth.params.dataType must be xdm or raw")
    if not isinstance(params.get("authenticationRequired", False), bool):
        raise invalid("auth.params.authenticationRequired must be true or false")
    params = {"sourceId": name, "name": name, "authenticationRequired": False, **params}
    if not all(isinstance(params[key], str) and params[key] for key in ("sourceId", "name")):
        raise invalid("auth.params.sourceId and name must be texts")
    if params["sourceId"] in _source_ids(adobe):
        raise invalid("auth.params.sourceId is taken by another connection")
    inlet_id = adobe.identifiers.inlet()
    params |= {"inletId": inlet_id, "inletUrl": f"{adobe.url}/collection/{inlet_id}"}
    return {**body, "auth": {"specName": spec_name, "params": params}}


def check_source(adobe: Adobe, body: Document) -> Document:
    """Validate a source connection. Raises RefusedError."""
    allow_members(body, "baseConnectionId", "data", "params")
    require_name(body)
    _require_spec(body, STREAMING_CONNECTION)
    require_existing(adobe, Kind.CONNECTIONS, body.get("baseConnectionId"))
    _check_format(body.get("data", {"format": "json"}))
    return body


def check_target(adobe: Adobe, body: Document) -> Document:
    """Validate a target connection to a dataset of the data lake. Raises RefusedError."""
    allow_members(body, "data", "params")
    require_name(body)
    match body.get("connectionSpec"):
        case {"id": str(spec_id)} if spec_id != DATA_LAKE:
            raise flow_error("1307-400", f"The target connection spec must be {DATA_LAKE}")
    _require_spec(body, DATA_LAKE)
    match body.get("params"):
        case {"dataSetId": str(dataset_id)} if adobe.datasets.get(dataset_id):
            schema_id = adobe.datasets.schema_of(dataset_id)
        case _:
            raise invalid("params.dataSetId must name a dataset that exists")
    match body.get("data"):
        case {"schema": {"id": str(sent_id), "version": str(version)}}:
            if sent_id != schema_id or not _SCHEMA_VERSION.fullmatch(version):
                raise invalid("data.schema must be the schema of the dataset")
        case {"schema": _}:
            raise invalid("data.schema needs an id and a version")
        case {"format": str()}:
            pass
        case _:
            raise invalid("data needs a format or a schema")
    _check_format({"format": "parquet_xdm", **body["data"]})
    return body


def allow_members(body: Document, *names: str) -> None:
    """Reject undocumented members; `providerId` belongs to an older form and is accepted."""
    known = {"name", "description", "providerId", "connectionSpec", *names}
    unknown = sorted(body.keys() - known)
    if unknown:
        raise invalid(f"unknown property: {unknown[0]}")


def require_name(body: Document) -> str:
    """The name of the new object."""
    name = body.get("name")
    if not isinstance(name, str) or not name:
        raise invalid("name is missing")
    return name


def require_existing(adobe: Adobe, kind: Kind, resource_id: Any) -> None:
    """Reject a reference to an object that does not exist."""
    if not isinstance(resource_id, str) or adobe.resources.get(kind, resource_id) is None:
        raise flow_error("1439-400", f"{kind}: resource with given id does not exist")


def _require_spec(body: Document, spec_id: str) -> None:
    if body.get("connectionSpec") != {"id": spec_id, "version": VERSION}:
        raise invalid(f"connectionSpec must be {spec_id} in version {VERSION}")


def _check_format(data: Any) -> None:
    match data:
        case {"format": str()}:
            return
    raise invalid("data.format must be a text")


def _source_ids(adobe: Adobe) -> set[str]:
    return {
        connection.document["auth"]["params"]["sourceId"]
        for connection in adobe.resources.all(Kind.CONNECTIONS)
    }
