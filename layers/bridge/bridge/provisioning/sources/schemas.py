"""Read the schemas of a connection's flows."""

from collections.abc import Mapping
from typing import Any

from bridge.errors import AdobeError
from bridge.ports.adobe import Schemas
from bridge.sources.connection import Connection, Flow
from bridge.telemetry import logger


def read_schemas(
    schemas: Schemas, connection: Connection, flows: Mapping[str, Flow]
) -> dict[str, dict[str, Any]]:
    """The available schemas by flow, with one request per schema.

    A source without a schema does not validate its messages before it sends them.

    Raises:
        AdobeError: retryable.
    """
    if connection.data_type == "raw":
        return {}
    found: dict[str, dict[str, Any] | None] = {}
    for schema_id in sorted({flow.schema_id for flow in flows.values()}):
        try:
            found[schema_id] = schemas.get(schema_id)
        except AdobeError as exc:
            if exc.retryable:
                raise
            logger.warning("a schema cannot be read", extra={"reason": str(exc)})
            found[schema_id] = None
    known = {name: found[flow.schema_id] for name, flow in flows.items()}
    return {name: schema for name, schema in known.items() if schema is not None}
