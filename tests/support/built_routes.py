"""The document of a source with routes."""

from typing import Any

from bridge.provisioning.sources.builder import build_source
from bridge.provisioning.sources.checks import with_checks
from bridge.provisioning.sources.declaration import declared_sender
from bridge.provisioning.sources.properties import source_properties
from bridge.sources.source import Source
from tests.support import sample_webhooks as samples

EVENT = {
    "type": "object",
    "meta:class": "https://ns.adobe.com/xdm/context/experienceevent",
    "required": ["_id", "timestamp"],
    "title": "Orders",
    "properties": {
        "_id": {"type": "string"},
        "timestamp": {"type": "string", "format": "date-time"},
        "identityMap": {
            "type": "object",
            "additionalProperties": {"type": "array", "items": {"required": ["id"]}},
        },
        "eventType": {"type": "string", "title": "Type", "meta:xdmType": "string"},
        "commerce": {
            "type": "object",
            "properties": {
                "order": {
                    "type": "object",
                    "required": ["currencyCode"],
                    "properties": {
                        "priceTotal": {"type": "number"},
                        "currencyCode": {"type": "string", "pattern": "^[A-Z]{3}$"},
                    },
                }
            },
        },
        "productListItems": {
            "type": "array",
            "items": {"type": "object", "properties": {"SKU": {"type": "string"}}},
        },
    },
}


def built(*, data_type: Any = "xdm", schema: Any = EVENT, **properties: Any) -> Source:
    """Return a Shopify source on a connection with the flows `events` and `people`."""
    given = {
        "Name": "shop",
        "Provider": "shopify",
        "Secrets": ["/inlet-bridge/test/secrets/shop"],
        "Connection": "webhooks",
        **properties,
    }
    read = source_properties(given, "test")
    flows = {"events": samples.flow(), "people": samples.flow()}
    schemas = {"events": schema} if schema else {}
    connection = samples.connection(data_type=data_type)
    source = build_source(read, declared_sender(read), connection, flows, schemas)
    return with_checks(source, schemas)[0]
