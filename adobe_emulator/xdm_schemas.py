"""Three schemas of the tenant, as the Schema Registry returns them with references resolved.

Names of fields, classes and behaviors are XDM's (https://github.com/adobe/xdm). Only the fields
that orders, people and page views need are included.
"""

from collections.abc import Mapping
from typing import Any, Final

SCHEMA_ID: Final = "https://ns.adobe.com/emulated/schemas/5f1c2d3e4a5b60718293a4b5c6d7e8f9"
"""A class without fields: any object is valid."""

EVENTS_SCHEMA_ID: Final = "https://ns.adobe.com/emulated/schemas/e1e1c2d3e4a5b60718293a4b5c6d7e01"
"""Class XDM ExperienceEvent."""

PROFILES_SCHEMA_ID: Final = "https://ns.adobe.com/emulated/schemas/f2f2c2d3e4a5b60718293a4b5c6d7e02"
"""Class XDM Individual Profile."""

_TEXT: Final = {"type": "string"}
_NUMBER: Final = {"type": "number"}
_INTEGER: Final = {"type": "integer"}
_TIME: Final = {"type": "string", "format": "date-time"}
_CURRENCY: Final = {"type": "string", "pattern": "^[A-Z]{3}$"}


def _object(**fields: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": {name.rstrip("_"): f for name, f in fields.items()}}


_IDENTITIES: Final = {
    "type": "object",
    "additionalProperties": {
        "type": "array",
        "items": {
            **_object(
                id=_TEXT,
                primary={"type": "boolean"},
                authenticatedState={
                    "type": "string",
                    "enum": ["ambiguous", "authenticated", "loggedOut"],
                },
            ),
            "required": ["id"],
        },
    },
}
_MEASURE: Final = _object(id=_TEXT, value=_NUMBER)
_ORDER: Final = _object(
    purchaseID=_TEXT, purchaseOrderNumber=_TEXT, priceTotal=_NUMBER, currencyCode=_CURRENCY
)
_ITEM: Final = _object(
    SKU=_TEXT, name=_TEXT, quantity=_INTEGER, priceTotal=_NUMBER, currencyCode=_CURRENCY
)
_NAME: Final = _object(firstName=_TEXT, lastName=_TEXT, fullName=_TEXT)
_ADDRESS: Final = _object(address=_TEXT, status=_TEXT)

SCHEMAS: Final[Mapping[str, Mapping[str, Any]]] = {
    SCHEMA_ID: {
        "$id": SCHEMA_ID,
        "type": "object",
        "meta:class": "https://ns.adobe.com/emulated/classes/0a0ac2d3e4a5b60718293a4b5c6d7e03",
        "meta:extends": ["https://ns.adobe.com/xdm/data/record"],
    },
    EVENTS_SCHEMA_ID: {
        "$id": EVENTS_SCHEMA_ID,
        **_object(
            _id=_TEXT,
            timestamp=_TIME,
            eventType=_TEXT,
            producedBy=_TEXT,
            identityMap=_IDENTITIES,
            commerce=_object(
                order=_ORDER,
                purchases=_MEASURE,
                checkouts=_MEASURE,
                refunds=_MEASURE,
            ),
            productListItems={"type": "array", "items": _ITEM},
            web=_object(
                webPageDetails=_object(URL=_TEXT, name=_TEXT),
                webReferrer=_object(URL=_TEXT),
            ),
            directMarketing=_object(
                emailDelivered=_MEASURE,
                opens=_MEASURE,
                clicks=_MEASURE,
                emailBounced=_MEASURE,
            ),
            _emulated=_object(
                repository=_TEXT,
                action=_TEXT,
                actor=_TEXT,
                number=_INTEGER,
                bucket=_TEXT,
                key=_TEXT,
                size=_INTEGER,
            ),
        ),
        "required": ["_id", "timestamp"],
        "meta:class": "https://ns.adobe.com/xdm/context/experienceevent",
        "meta:extends": [
            "https://ns.adobe.com/xdm/context/experienceevent",
            "https://ns.adobe.com/xdm/data/time-series",
        ],
    },
    PROFILES_SCHEMA_ID: {
        "$id": PROFILES_SCHEMA_ID,
        **_object(
            _id=_TEXT,
            identityMap=_IDENTITIES,
            person=_object(name=_NAME),
            personalEmail=_ADDRESS,
            mobilePhone=_object(number=_TEXT),
            _emulated=_object(lifecycle=_TEXT, contactId=_TEXT, changedAt=_TIME),
        ),
        "meta:class": "https://ns.adobe.com/xdm/context/profile",
        "meta:extends": [
            "https://ns.adobe.com/xdm/context/profile",
            "https://ns.adobe.com/xdm/data/record",
        ],
    },
}
