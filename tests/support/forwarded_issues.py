"""The issues of `events/forwarder` that reached the inlet, and the buffer without messages."""

import json

from tests.support.delivery_cloud import DeliveryCloud

EMPTY = {"ready": 0, "later": 0, "taken": 0}


def titles(cloud: DeliveryCloud) -> list[str]:
    """Return the issues that the inlet received, in the order of arrival."""
    entities = [json.loads(message.content)["body"] for message in cloud.adobe.ledger.received]
    return [entity["xdmEntity"]["issue"]["title"] for entity in entities]
