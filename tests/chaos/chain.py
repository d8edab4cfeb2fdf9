"""The chain at the emulated Adobe: one connection, and a flow for each sender."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Literal

from adobe_emulator import flow_service
from adobe_emulator.emulator import Adobe
from adobe_emulator.exchange import Call
from adobe_emulator.settings import DATASET_ID
from adobe_emulator.xdm_schemas import SCHEMA_ID
from bridge.sources.connection import Connection, Flow
from tests.support.adobe_client import connection_body, flow_body, source_body, target_body

SETTLING = timedelta(minutes=5)


def make_connection(adobe: Adobe) -> tuple[str, Connection]:
    """Create a base connection with its inlet; return its id and its part of the document."""
    connection_id = _create(adobe, "connections", connection_body(authenticationRequired=True))
    params = _read(adobe, "connections", connection_id)["auth"]["params"]
    return connection_id, Connection(
        name="webhooks",
        inlet_url=params["inletUrl"],
        authenticated=True,
        data_type="xdm",
        source_id=params["sourceId"],
        org_id=adobe.tenant.org_id,
        sandbox=adobe.tenant.sandbox,
    )


def make_flows(
    adobe: Adobe, connection_id: str, names: Iterable[str], now: datetime
) -> dict[str, Flow]:
    """Create flows that become ready after a delay; the flow of Stripe has the class of events."""
    return {
        name: _make_flow(adobe, connection_id, now, "time-series" if name == "stripe" else "")
        for name in names
    }


def _make_flow(
    adobe: Adobe, connection_id: str, now: datetime, behavior: Literal["time-series", ""]
) -> Flow:
    source = _create(adobe, "sourceConnections", source_body(connection_id))
    target = _create(adobe, "targetConnections", target_body())
    flow_id = _create(adobe, "flows", flow_body(source, target))
    return Flow(flow_id, DATASET_ID, SCHEMA_ID, now + SETTLING, behavior)


def _create(adobe: Adobe, kind: str, body: Mapping[str, Any]) -> str:
    answer = flow_service.create(adobe, _call("POST", kind, json.dumps(body).encode()))
    return str(json.loads(answer.body)["id"])


def _read(adobe: Adobe, kind: str, object_id: str) -> dict[str, Any]:
    answer = flow_service.read(adobe, _call("GET", kind, b"", id=object_id))
    item: dict[str, Any] = json.loads(answer.body)["items"][0]
    return item


def _call(method: str, kind: str, body: bytes, **parameters: str) -> Call:
    headers = {"content-type": "application/json"}
    return Call(method, {"kind": kind, **parameters}, (), headers, body)
