"""The attributes that `!GetAtt` and a direct invocation return."""

from bridge.names import Slot
from bridge.provisioning.connections.applied import Applied
from bridge.provisioning.sources.lifecycle import webhook_path
from bridge.sources.source import Source


def connection_attributes(applied: Applied) -> dict[str, str]:
    """Attributes of `Custom::StreamingConnection`; `FlowId` is the first flow's."""
    first = applied.desired.flows[0].name
    return {
        "Name": applied.desired.name,
        "InletUrl": applied.record.values["inlet_url"],
        "InletId": applied.record.values["inlet_id"],
        "BaseConnectionId": applied.record.object_id(Slot("connections")),
        "FlowId": applied.record.object_id(Slot("flows", first)),
    }


def source_attributes(source: Source) -> dict[str, str]:
    """Attributes of `Custom::WebhookSource`; `Path` follows the API's own URL."""
    return {"Name": source.name, "Path": webhook_path(source.name)}
