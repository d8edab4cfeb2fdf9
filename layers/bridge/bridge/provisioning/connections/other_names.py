"""Other names for what a connection, its flows and their schemas have, and the ones here.

They are those of Adobe's APIs and pages, of JSON Schema, and of the properties of sources.
"""

from typing import Final

_PAUSED: Final = ("Active", "Disabled", "Enabled", "Paused", "State", "Status")
_OF_A_SOURCE: Final = (
    *("Connection", "Identity", "Map", "Otherwise", "Provider", "Routes", "Secrets", "Split"),
    *("Subscription", "When"),
)
_OF_A_STAGE: Final = ("ImsOrg", "ImsOrgId", "Org", "OrgId", "Organization", "Sandbox")

OF_A_CONNECTION: Final = {
    **dict.fromkeys(
        _PAUSED, "`inlet pause --connection NAME` keeps webhooks of its sources in the buffer"
    ),
    "Tags": "it is no resource of AWS, and has no tags",
    **dict.fromkeys(_OF_A_SOURCE, "it is a property of a source, Custom::WebhookSource"),
    **dict.fromkeys(_OF_A_STAGE, "a stage has one, which `inlet init` writes"),
    **dict.fromkeys(
        ("Endpoint", "Inlet", "InletId", "InletUrl", "Url", "URL"),
        "the bridge creates the streaming connection; ConnectionId adopts one that exists",
    ),
    **dict.fromkeys(("DataFormat", "Format"), "DataType is xdm or raw"),
    **dict.fromkeys(
        ("Dataflows", "Datasets", "Destinations", "Targets"), "Flows has a flow for each dataset"
    ),
}
OF_A_FLOW: Final = {
    "Title": "Name is its name, which routes have in Flow",
    **dict.fromkeys(("Map", "When"), "it is written in Routes of a source"),
}
OF_A_SCHEMA: Final = {
    "Title": "Name is its title",
    **dict.fromkeys(("Mixins", "Groups"), "FieldGroups has the $id of each"),
    **dict.fromkeys(
        ("Columns", "Properties"), "Fields has the custom fields, such as {total: number}"
    ),
}
