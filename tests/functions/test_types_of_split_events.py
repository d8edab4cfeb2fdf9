"""Events of one webhook are routed by their own types, through receiver and forwarder."""

import json

import pytest

from tests.support.delivery_cloud import DeliveryCloud
from tests.support.sent_requests import declare, sent

ROUTE = {
    "When": "event_type == 'contact.creation'",
    "Flow": "orders",
    "Map": {"_id": "delivery_id", "eventType": "event_type"},
}


def _event(number: int, kind: str) -> dict[str, object]:
    return {
        "eventId": number,
        "subscriptionId": 1,
        "portalId": 2,
        "occurredAt": 1_700_000_000_000 + number,
        "subscriptionType": kind,
        "objectId": number,
        "attemptNumber": 0,
    }


@pytest.mark.parametrize("wanted", [0, 1])
def test_only_the_event_of_the_routed_type_is_delivered(cloud: DeliveryCloud, wanted: int) -> None:
    declare(cloud, "hubspot_v3", Split="body", Routes=[ROUTE], Otherwise="drop")
    kinds = ["deal.creation", "deal.creation"]
    kinds[wanted] = "contact.creation"
    events = [_event(number, kind) for number, kind in enumerate(kinds)]

    assert cloud.receive(sent("hubspot_v3", json.dumps(events).encode())).status == 200

    [message] = cloud.adobe.ledger.received
    entity = json.loads(message.content)["body"]["xdmEntity"]
    assert entity["eventType"] == "contact.creation"
    assert str(events[wanted]["occurredAt"]) in entity["_id"]
