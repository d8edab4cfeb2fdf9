"""A connection whose flow declares its own schema, and what it made at Adobe."""

from typing import Any

from tests.support.provisioner_cloud import Cloud

EVENT = "https://ns.adobe.com/xdm/context/experienceevent"
COMMERCE = "https://ns.adobe.com/xdm/context/experienceevent-commerce"
FIELDS: dict[str, Any] = {
    "order": {"id": "string", "total": "number", "tags": ["string"]},
    "items": [{"sku": "string", "count": "integer"}],
    "placedAt": "date-time",
}
SCHEMA: dict[str, Any] = {"Name": "Orders", "FieldGroups": [COMMERCE], "Fields": FIELDS}
IDENTITY = {"Field": "_emulated.order.id", "Namespace": "hubspot", "Primary": "true"}


def flow(schema: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    return {"Name": "orders", "Schema": schema or SCHEMA, "Dataset": {"Name": "Orders"}, **more}


def ask(cloud: Cloud, *flows: dict[str, Any], action: str = "apply", **more: Any) -> dict[str, Any]:
    properties = {"Name": "orders", "Flows": list(flows), **more}
    return cloud.ask(action=action, connection=properties)


def apply(cloud: Cloud, *flows: dict[str, Any], **more: Any) -> list[str]:
    """Apply, and return the actions that changed something."""
    answer = ask(cloud, *flows, **more)
    assert answer["ok"], answer["error"]
    return changes(answer)


def changes(answer: dict[str, Any]) -> list[str]:
    return [
        f"{step['action']} {step['kind']}"
        for step in answer["steps"]
        if step["action"] != "nothing"
    ]


def drift(cloud: Cloud) -> list[str]:
    answer = cloud.ask(action="status", connection="orders")
    assert answer["ok"], answer["error"]
    return [each["reason"] for each in answer["connection"]["drift"]]


def only_schema(cloud: Cloud) -> dict[str, Any]:
    (schema,) = cloud.adobe.library.all("schemas")
    return schema


def only_group(cloud: Cloud) -> dict[str, Any]:
    (group,) = cloud.adobe.library.all("fieldgroups")
    return group


def resolved(cloud: Cloud) -> dict[str, Any]:
    """The custom fields as messages are validated with them."""
    schema = cloud.adobe.schemas[only_schema(cloud)["$id"]]
    fields: dict[str, Any] = schema["properties"]["_emulated"]["properties"]
    return fields
