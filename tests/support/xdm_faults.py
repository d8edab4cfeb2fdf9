"""Messages with a fault of each area of validation, and maps that make them."""

from typing import Any

from tests.support.checked_messages import (
    SCHEMA,
)

FLOW = {"Flow": "orders"}
MAKERS: dict[str, tuple[Any, Any]] = {
    "no Map": ([], lambda entity: entity),
    "no routes but a condition": (
        [{**FLOW, "When": "event_type == 'issues'"}],
        lambda entity: entity,
    ),
    "one expression": ([{**FLOW, "Map": "body.payload"}], lambda entity: {"payload": entity}),
    "merge": (
        [{**FLOW, "Map": "merge(body.a, body.b)"}],
        lambda entity: {"a": entity, "b": {"loyaltyId": entity.get("loyaltyId")}},
    ),
    "an object": (
        [{**FLOW, "Map": {name: f"body.{name}" for name in SCHEMA["properties"]}}],
        lambda entity: entity,
    ),
    "nested objects": (
        [
            {
                **FLOW,
                "Map": {
                    **{name: f"body.{name}" for name in SCHEMA["properties"]},
                    "address": {"city": "body.address.city", "street": "body.address.street"},
                },
            }
        ],
        lambda entity: entity,
    ),
    "members of a list": (
        [
            {
                **FLOW,
                "Map": {
                    **{name: f"body.{name}" for name in SCHEMA["properties"]},
                    "orders": [{"sku": "body.orders[0].sku", "price": "body.orders[0].price"}],
                },
            }
        ],
        lambda entity: entity,
    ),
    "Identity beside the body": (
        [{**FLOW, "Identity": {"Email": "body.loyaltyId"}}],
        lambda entity: entity,
    ),
}
FAULTS: dict[str, tuple[dict[str, Any], str]] = {
    "presence: missing": ({"loyaltyId": None}, "required at loyaltyId"),
    "presence: empty": ({"loyaltyId": ""}, "required at loyaltyId"),
    "presence, nested": ({"address": {"street": "Am Ufer 1"}}, "required at address.city"),
    "presence, nested and empty": (
        {"address": {"street": "Am Ufer 1", "city": ""}},
        "required at address.city",
    ),
    "presence, in a list": ({"orders": [{"price": 1}]}, "required at orders.*.sku"),
    "enum": ({"level": "Gold"}, "enum at level: it takes gold or silver"),
    "range: minimum": ({"points": -1}, "minimum at points"),
    "range: maximum": ({"points": 2147483649}, "maximum at points"),
    "range: above a byte": ({"byteCount": 128}, "maximum at byteCount"),
    "range: below a byte": ({"byteCount": -129}, "minimum at byteCount"),
    "range: above a short": ({"shortCount": 32768}, "maximum at shortCount"),
    "range: below a short": ({"shortCount": -32769}, "minimum at shortCount"),
    "range: above an int": ({"intCount": 2147483648}, "maximum at intCount"),
    "range: below an int": ({"intCount": -2147483649}, "minimum at intCount"),
    "range: above a long": ({"longCount": 2**63}, "maximum at longCount"),
    "range: below a long": ({"longCount": -(2**63) - 1}, "minimum at longCount"),
    "pattern": ({"currency": "eur"}, "pattern at currency"),
    "length: minimum": ({"code": "a"}, "minLength at code"),
    "length: maximum": ({"code": "abcde"}, "maxLength at code"),
    "type: text for a number": (
        {"balance": "1.50"},
        "type at balance: expected number, got string",
    ),
    "type: number for a text": (
        {"loyaltyId": 7},
        "type at loyaltyId: expected string, got integer",
    ),
    "type: fraction for an integer": (
        {"points": 1.5},
        "type at points: expected integer, got number",
    ),
    "type: boolean for an integer": (
        {"points": True},
        "type at points: expected integer, got boolean",
    ),
    "type: text for a boolean": (
        {"active": "true"},
        "type at active: expected boolean, got string",
    ),
    "type: object for a list": (
        {"orders": {"sku": "a"}},
        "type at orders: expected array, got object",
    ),
    "type: text for an object": (
        {"address": "Berlin"},
        "type at address: expected object, got string",
    ),
    "format: date-time with a space": (
        {"changed": "2026-03-14 09:20:04"},
        "format date-time at changed; write it as in 2026-03-14T09:20:04Z",
    ),
    "format: date-time without offset": (
        {"changed": "2026-03-14T09:20:04"},
        "format date-time at changed; write it as in 2026-03-14T09:20:04Z",
    ),
    "format: date-time that does not exist": (
        {"changed": "2018-00-23T22:07:01Z"},
        "format date-time at changed; write it as in 2026-03-14T09:20:04Z",
    ),
    "format: ten digits of a fraction": (
        {"changed": "2026-03-14T09:20:04.1234567890Z"},
        "format date-time at changed; write it as in 2026-03-14T09:20:04Z",
    ),
    "format: date": ({"since": "14.03.2026"}, "format date at since; write it as in 2026-03-14"),
    "equal items": ({"tags": ["a", "b", "a"]}, "uniqueItems at tags"),
    "no multiple": ({"discount": 0.25}, "multipleOf at discount"),
    "none of several schemas": ({"contact": {"fax": "555"}}, "anyOf at contact"),
}
ONE_OF_EACH_AREA = (
    "presence: empty",
    "presence, in a list",
    "enum",
    "range: minimum",
    "pattern",
    "type: text for a number",
    "format: date-time with a space",
)
