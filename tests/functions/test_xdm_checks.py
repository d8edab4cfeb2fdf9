"""Whatever made a message, it is checked with the schema of its dataset before it is sent.

Adobe validates range, presence, enum, pattern, type and format after its 200 ("Streaming ingestion
validation"), and rejects keys that the schema does not have.
"""

import json
import re
from typing import Any

import pytest

from tests.support.checked_messages import (
    GOOD,
    SCHEMA,
    configure,
    entities,
    reasons,
    received,
    send,
    warnings,
)
from tests.support.delivery_cloud import DeliveryCloud
from tests.support.xdm_faults import FAULTS, FLOW, MAKERS, ONE_OF_EACH_AREA

FAULT = "invalid message: the message does not fit its schema"
DATE_TIME = "write it as in 2026-03-14T09:20:04Z"
URI_FAULT = "format uri at homepage; write it as in https://example.com/a"


@pytest.mark.parametrize("maker", MAKERS)
def test_every_area_of_validation_is_checked_whatever_made_the_message(
    cloud: DeliveryCloud, maker: str
) -> None:
    routes, body_for = MAKERS[maker]
    configure(cloud, Routes=routes)

    # One fault of each kind suffices for all but the fast path.
    chosen = FAULTS if maker == "no Map" else {name: FAULTS[name] for name in ONE_OF_EACH_AREA}
    for name, (change, fault) in chosen.items():
        body = body_for({**GOOD, **change})
        assert send(cloud, body) == 202, name
        assert reasons(cloud) == [f"{FAULT}: {fault}"], name
    assert received(cloud) == []
    assert send(cloud, body_for(GOOD)) == 200
    [entity] = entities(cloud)
    entity.pop("identityMap", None)
    assert entity == GOOD


def test_integers_that_just_fit_their_type_are_sent(cloud: DeliveryCloud) -> None:
    configure(cloud)
    largest = {
        "byteCount": 127,
        "shortCount": 32767,
        "intCount": 2147483647,
        "longCount": 2**63 - 1,
    }
    least = {name: -value - 1 for name, value in largest.items()}

    for change in (largest, least):
        assert send(cloud, {**GOOD, **change}) == 200
    assert [
        {**entity, **change} == entity
        for entity, change in zip(entities(cloud), (largest, least), strict=True)
    ] == [True, True]


@pytest.mark.parametrize("maker", ["no Map", "one expression", "merge"])
def test_key_that_the_schema_does_not_have_is_refused(cloud: DeliveryCloud, maker: str) -> None:
    """Adobe: "extraneous key [x] is not permitted"."""
    routes, body_for = MAKERS[maker]
    configure(cloud, Routes=routes)

    for change, place in (
        ({"ponts": 1}, "its root; is it points?"),
        ({"address": {"city": "Berlin", "jane.doe@example.com": 1}}, "address"),
        ({"orders": [{"sku": "a", "note": "x"}]}, "orders.*"),
    ):
        assert send(cloud, body_for({**GOOD, **change})) == 202
        [reason] = reasons(cloud)
        assert reason == (
            f"invalid message: the message does not fit its schema: an extraneous key at {place}"
        )
    assert received(cloud) == []


def test_invalid_message_is_sent_with_a_warning_if_the_route_says_so(cloud: DeliveryCloud) -> None:
    configure(cloud, Routes=[{**FLOW, "Invalid": "send"}])

    assert send(cloud, {**GOOD, "level": "Gold"}) == 200
    [lost] = cloud.adobe.ledger.lost  # As the emulated Adobe rejects it later.
    assert b'"level": "Gold"' in lost.message.content
    assert warnings(cloud) == [
        "the message does not fit its schema: enum at level: it takes gold or silver"
    ]


@pytest.mark.parametrize(
    ("change", "warning"),
    [
        (b'"homepage": "no address"', URI_FAULT),
        (b'"points": 1.0, "homepage": "no address"', URI_FAULT),
    ],
)
def test_what_adobe_does_not_document_is_a_warning(
    cloud: DeliveryCloud, change: bytes, warning: str
) -> None:
    configure(cloud)

    assert send(cloud, b'{"loyaltyId": "L-1", %s}' % change) == 200
    assert warnings(cloud) == [f"the message may not fit its schema: {warning}"]


@pytest.mark.parametrize("maker", MAKERS)
def test_integer_that_is_written_with_a_fraction_is_sent_as_one(
    cloud: DeliveryCloud, maker: str
) -> None:
    """As the emulated Adobe, the library of Adobe's messages takes 7.0 for none."""
    routes, body_for = MAKERS[maker]
    configure(cloud, Routes=routes)

    assert send(cloud, body_for({**GOOD, "points": 7.0})) == 200
    [entity] = received(cloud)
    assert re.search(rb'"points": ?7,', entity)
    assert warnings(cloud) == []


def test_message_without_empty_values_keeps_its_bytes(cloud: DeliveryCloud) -> None:
    configure(cloud)
    body = b'{ "loyaltyId" : "null",\n "balance": 1.500, "orders": [ {"sku": "\\"\\""} ] }'

    assert send(cloud, body) == 200
    assert received(cloud) == [body]


@pytest.mark.parametrize("maker", MAKERS)
def test_empty_values_never_reach_the_inlet(cloud: DeliveryCloud, maker: str) -> None:
    routes, body_for = MAKERS[maker]
    configure(cloud, Routes=routes)
    body = {
        "loyaltyId": "L-1",
        "level": None,
        "currency": "",
        "address": {"city": "", "street": None},
        "orders": [{"sku": "a", "price": None}, {}, None, {"sku": ""}],
    }

    if maker == "nested objects":
        body["address"] = {}
    assert send(cloud, body_for(body)) == 200
    [entity] = entities(cloud)
    entity.pop("identityMap", None)
    assert entity == {"loyaltyId": "L-1", "orders": [{"sku": "a"}]}


@pytest.mark.parametrize("invalid", ["dead-letter", "send"])
@pytest.mark.parametrize("body", [{"a": None}, {"a": {"b": [{}, ""]}}, {}])
def test_message_that_has_only_empty_values_does_not_go_out(
    cloud: DeliveryCloud, invalid: str, body: dict[str, Any]
) -> None:
    configure(cloud, {"type": "object"}, Routes=[{**FLOW, "Invalid": invalid}])

    assert send(cloud, body) == 202
    assert reasons(cloud) == ["invalid message: the message has nothing but empty values"]
    assert received(cloud) == []


def test_schema_without_fields_permits_any_message(cloud: DeliveryCloud) -> None:
    configure(cloud, {"type": "object"})

    assert send(cloud, {"any": {"thing": 1}}) == 200
    assert entities(cloud) == [{"any": {"thing": 1}}]


def test_events_get_what_their_class_requires_before_the_check(cloud: DeliveryCloud) -> None:
    event = {
        **SCHEMA,
        "meta:class": "https://ns.adobe.com/xdm/context/experienceevent",
        "required": ["_id", "timestamp"],
        "properties": {
            "_id": {"type": "string"},
            "timestamp": {"type": "string", "format": "date-time"},
            "eventType": {"type": "string"},
        },
    }
    configure(cloud, event)

    assert send(cloud, {"eventType": "a", "_id": "", "timestamp": None}) == 200
    assert send(cloud, {"eventType": "a", "timestamp": "2026-03-14 09:20:04"}) == 202
    assert [len(entity["_id"]) for entity in entities(cloud)] == [64]
    assert reasons(cloud) == [f"{FAULT}: format date-time at timestamp; {DATE_TIME}"]


def test_several_events_and_flows_are_checked(cloud: DeliveryCloud) -> None:
    configure(cloud, Split="body", Routes=[{**FLOW, "When": "body.loyaltyId"}], Otherwise="orders")
    bodies = [GOOD, {**GOOD, "level": "Gold"}, {"points": 1}]

    assert send(cloud, bodies) == 202
    assert sorted(reasons(cloud)) == [
        f"{FAULT}: enum at level: it takes gold or silver",
        f"{FAULT}: required at loyaltyId",
    ]
    assert entities(cloud) == [GOOD]


def test_raw_connection_is_not_checked(cloud: DeliveryCloud) -> None:
    """Data Prep maps its messages at Adobe."""
    raw: dict[str, Any] = {
        "Name": "raw",
        "DataType": "raw",
        "Flows": RAW_FLOWS,
        "SettlingSeconds": "0",
    }
    cloud.provisioned.send("connection-create", **raw)
    cloud.adobe.settle()
    configure(cloud, Connection="raw")
    body = b'{ "level" : "Gold", "n" : null }'

    assert send(cloud, body) == 200
    [message] = cloud.adobe.ledger.received
    assert message.content == body


RAW_FLOWS = [
    {
        "Name": "orders",
        "DatasetId": "65f0c1a2b3d4e5f60718293a",
        "SchemaId": SCHEMA["$id"],
        "Mappings": [{"Source": "level", "Destination": "level"}],
    }
]


def test_no_value_of_the_message_is_in_a_reason_or_the_log(cloud: DeliveryCloud) -> None:
    configure(cloud)
    secret = "CANARY-4111"

    for change in (
        {"level": secret},
        {"points": secret},
        {"changed": secret},
        {"homepage": f"{secret} x"},
        {secret: 1},
        {"address": {"city": "a", secret: 1}},
    ):
        send(cloud, {**GOOD, **change})

    assert secret not in json.dumps(reasons(cloud))
    assert secret not in cloud.log.getvalue()
