"""What other services call the properties of a source and a route, and what does the same here.

The names are those of Hookdeck's and EventBridge's rules and transformations, Segment's
destinations, Zapier's steps and Stripe's endpoints.
"""

from typing import Final

_OFF: Final = ("Active", "Disabled", "Enabled")
_PAUSED: Final = (*_OFF, "Paused", "State", "Status")
_CONDITIONS: Final = (
    *("Condition", "Conditions", "Event", "EventPattern", "Events", "EventType", "EventTypes"),
    *("Filter", "Filters", "If", "Match", "Matches", "Pattern", "Trigger", "Types", "Where"),
)
_MAPS: Final = (
    *("Data", "Fields", "FieldMapping", "InputTransformer", "Mapping", "Mappings", "Message"),
    *("Payload", "Template", "Transform", "Transformation", "Transformations", "Xdm", "XdmEntity"),
)
_FLOWS: Final = (
    *("Dataset", "DatasetId", "Destination", "Destinations", "Sink", "Stream", "Target", "To"),
)
_OTHERWISE: Final = ("CatchAll", "Default", "DefaultRoute", "Else", "Fallback", "Unmatched")
_IDENTITIES: Final = ("Identities", "IdentityMap", "User", "UserId")
_ANY_OTHER: Final = (
    "says what becomes of events that no route takes: drop, dead-letter or the name of a flow"
)
_CONDITION: Final = "is the condition, such as \"event_type == 'order.paid'\""
_MESSAGE: Final = "makes the message: XDM fields with expressions"
_FLOW: Final = "names the flow of the connection to which it goes"

OF_A_ROUTE: Final = {
    **dict.fromkeys(_CONDITIONS, f"When of the route {_CONDITION}"),
    **dict.fromkeys(_MAPS, f"Map {_MESSAGE}"),
    **dict.fromkeys(_FLOWS, f"Flow {_FLOW}; Targets has several"),
    **dict.fromkeys(_OTHERWISE, f"Otherwise, beside Routes, {_ANY_OTHER}"),
    **dict.fromkeys(("Arn", "Topic"), f"Flow {_FLOW}; Targets has several"),
    **dict.fromkeys(
        ("Rule", "Rules", "Steps"), "When of the route is its condition, and Map makes the message"
    ),
    **dict.fromkeys(
        ("Action", "Drop", "Ignore"),
        "Otherwise: drop, beside Routes, drops events that no route takes",
    ),
    **dict.fromkeys(_OFF, "leave the route out, or write # before its lines"),
    **dict.fromkeys(
        ("Comment", "Description", "Id", "Label", "Title"),
        "a route has no name; a comment follows #",
    ),
    **dict.fromkeys(("Order", "Priority"), "the first route whose When is true applies"),
    "SchemaId": "the flow of the connection has it",
    **dict.fromkeys(_IDENTITIES, "Identity has the identities, such as {Email: lower(body.email)}"),
}
"""Also of an entry of Targets."""

OF_A_SOURCE: Final = {
    **dict.fromkeys(_PAUSED, "`inlet pause SOURCE` keeps its webhooks in the buffer"),
    "Tags": "it is no resource of AWS, and has no tags",
    **dict.fromkeys(
        (each for each in _CONDITIONS if each not in {"EventType", "Events"}),
        f"When of an entry of Routes {_CONDITION}",
    ),
    **dict.fromkeys(_MAPS, f"Map of an entry of Routes {_MESSAGE}"),
    **dict.fromkeys(_FLOWS, f"Flow of an entry of Routes {_FLOW}"),
    **dict.fromkeys(_OTHERWISE, f"Otherwise {_ANY_OTHER}"),
    **dict.fromkeys(
        _IDENTITIES,
        "Identity of an entry of Routes has the identities, such as {Email: lower(body.email)}",
    ),
    **dict.fromkeys(
        ("ApiKey", "Key", "SecretKey", "SigningKey", "SigningSecret", "Token", "WebhookSecret"),
        "Secrets has the names of parameters with the secrets; `inlet secret SOURCE` stores one",
    ),
    **dict.fromkeys(
        ("Endpoint", "EndpointUrl", "Path", "Url", "URL", "WebhookUrl"),
        "Name makes the end of the URL, /webhooks/NAME",
    ),
    **dict.fromkeys(
        ("Integration", "Kind", "Platform", "Preset", "Type", "Vendor"),
        "Provider names the preset; `inlet providers` lists them",
    ),
    **dict.fromkeys(("Rule", "Rules", "Routing"), "Routes is the list of routes"),
    **dict.fromkeys(
        ("MaxRetries", "Retries", "Retry", "RetryPolicy"),
        "the bridge retries: docs/delivery.md",
    ),
    **dict.fromkeys(
        ("Dedup", "Deduplication", "Idempotency", "IdempotencyKey"),
        "DeliveryId identifies a webhook, such as header:x-id",
    ),
    **dict.fromkeys(
        ("Env", "Environment", "Stage"),
        "a stage is another deployment: see `inlet init`",
    ),
    "Sandbox": "a stage has one, which `inlet init` writes",
    **dict.fromkeys(("Alarms", "Alerts"), "alarms are of the whole stage; see docs/operations.md"),
}
