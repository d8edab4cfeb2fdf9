"""The specs of every organization, with the ids that Adobe publishes.

Sources: the tutorial "Create an HTTP API streaming connection", the sources error catalogue
(1307-400), and aepp, which looks up the data lake by name. The names of the two flow specs are
invented.
"""

from typing import Any

STREAMING_CONNECTION = "bc7b00d6-623a-4dfc-9fdb-f1240aeadaeb"
DATA_LAKE = "c604ff05-7f1a-43c0-8e18-33bf874cb11c"
XDM_FLOW = "d8a6f005-7eaf-4153-983e-e8574508b877"
MAPPED_FLOW = "c1a19761-d2c7-4702-b9fa-fe91f0613e81"
VERSION = "1.0"

STREAMING_AUTH = "Streaming Connection"
"""The name of the only authentication of a streaming connection."""

_STREAMING_PROVIDER = "521eee4d-8cbe-4906-bb48-fb6bd4450033"

CONNECTION_SPECS: dict[str, dict[str, Any]] = {
    STREAMING_CONNECTION: {
        "id": STREAMING_CONNECTION,
        "name": STREAMING_AUTH,
        "providerId": _STREAMING_PROVIDER,
        "version": VERSION,
        "authSpec": [{"name": STREAMING_AUTH}],
        "attributes": {"category": "Streaming", "isSource": True},
    },
    DATA_LAKE: {"id": DATA_LAKE, "name": "datalake", "version": VERSION},
}

FLOW_SPECS: dict[str, dict[str, Any]] = {
    spec_id: {
        "id": spec_id,
        "name": name,
        "providerId": _STREAMING_PROVIDER,
        "version": VERSION,
        "sourceConnectionSpecIds": [STREAMING_CONNECTION],
        "targetConnectionSpecIds": [DATA_LAKE],
    }
    for spec_id, name in (
        (XDM_FLOW, "Stream data without transformation"),
        (MAPPED_FLOW, "Stream data with transformation"),
    )
}
