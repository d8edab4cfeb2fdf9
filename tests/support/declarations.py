"""Properties of connections and sources, and requests of CloudFormation with them."""

from collections.abc import Mapping
from typing import Any

ORDERS_DATASET = "65f0c1a2b3d4e5f60718293a"
RETURNS_DATASET = "65f0c1a2b3d4e5f60718293b"
OTHER_DATASET = "65f0c1a2b3d4e5f60718293c"
SCHEMA = "https://ns.adobe.com/emulated/schemas/5f1c2d3e4a5b60718293a4b5c6d7e8f9"
OTHER_SCHEMA = "https://ns.adobe.com/emulated/schemas/00000000000000000000000000000000"
SECRET = "/inlet-bridge/test/secrets/github"
STACK = "arn:aws:cloudformation:eu-central-1:123456789012:stack/bridge/5b1c"


def dataset(schema: str) -> dict[str, Any]:
    """A dataset that the bridge did not create, as Catalog returns it."""
    return {"name": "Given", "schemaRef": {"id": schema}, "state": "ACTIVE"}


def flow(name: str = "orders", dataset: str = "", **more: Any) -> dict[str, Any]:
    """An entry of `Flows`; by default with a dataset of its schema."""
    is_other = more.get("SchemaId") == OTHER_SCHEMA
    dataset_id = dataset or (OTHER_DATASET if is_other else ORDERS_DATASET)
    return {"Name": name, "DatasetId": dataset_id, "SchemaId": SCHEMA, **more}


def connection(*flows: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Properties of a connection, as a template has them."""
    return {"Name": "orders", "Flows": list(flows or (flow(),)), **more}


def source(**more: Any) -> dict[str, Any]:
    """Properties of a source, as a template has them."""
    return {
        "Name": "github",
        "Provider": "github",
        "Secrets": [SECRET],
        "Connection": "orders",
        **more,
    }


def event(
    request: str,
    properties: Mapping[str, Any],
    physical_id: str | None = None,
    *,
    resource: str = "Custom::StreamingConnection",
    logical_id: str = "OrdersConnection",
    stack: str = STACK,
) -> dict[str, Any]:
    """A custom resource request."""
    return {
        "RequestType": request,
        "ResponseURL": "https://cloudformation.example/answer?X-Amz-Signature=secret",
        "StackId": stack,
        "RequestId": "f5a1d2c3",
        "ResourceType": resource,
        "LogicalResourceId": logical_id,
        "ResourceProperties": {"ServiceToken": "arn:aws:lambda:x", **properties},
        **({"PhysicalResourceId": physical_id} if physical_id else {}),
    }
