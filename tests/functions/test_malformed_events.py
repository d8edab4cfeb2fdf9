"""The receiver returns a defined response for any invocation event."""

import json
from typing import Any

from functions.receiver import handler as receiver
from tests.support.delivery_cloud import DeliveryCloud
from tests.support.odd_values import oddities
from tests.support.provisioner_cloud import Context
from tests.support.webhook_events import signed

NO_EVENTS: tuple[Any, ...] = (None, [], "", "x", 5, True, {}, [{}], {"a": 1})


def test_malformed_request_gets_the_response_of_an_unverified_request(cloud: DeliveryCloud) -> None:
    context: Any = Context(15, function_name="receiver")
    request = signed("github-signed")
    statuses: dict[str, set[int]] = {}
    for place, event in [*oddities(request), *(("event", event) for event in NO_EVENTS)]:
        answer = receiver.lambda_handler(event, context)
        assert json.loads(answer["body"])
        statuses.setdefault(place, set()).add(answer["statusCode"])

    # Fields that the bridge does not read may have any value.
    assert set().union(*statuses.values()) <= {200, 401, 404, 415}
    assert statuses["pathParameters"] == statuses["pathParameters.source"] == {404}
    assert statuses["event"] == {404}
    assert statuses["headers"] == statuses["headers.x-hub-signature-256"] == {401}
    assert statuses["body"] <= {401, 415}
    assert [line for line in cloud.lines() if line["level"] == "CRITICAL"] == []
