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


def source_attributes(source: Source, webhook_url: str) -> dict[str, str]:
    """Attributes of `Custom::WebhookSource`; `Url` is what the sender calls.

    Args:
        source: without the path token, which is a secret.
        webhook_url: of the API or the custom domain, without a trailing slash.
    """
    path = webhook_path(source.name)
    return {"Name": source.name, "Path": path, "Url": source.public_url or f"{webhook_url}{path}"}
