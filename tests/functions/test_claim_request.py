"""Without `KeepBodies`, a webhook causes the requests to DynamoDB that it caused before."""

from collections.abc import Mapping
from typing import Any

import boto3

from tests.support.delivery_cloud import DeliveryCloud
from tests.support.webhook_events import signed


def requests(cloud: DeliveryCloud) -> list[tuple[str, dict[str, Any]]]:
    """The requests of one webhook to DynamoDB."""
    found: list[tuple[str, dict[str, Any]]] = []
    session = boto3.DEFAULT_SESSION
    assert session

    def collect(params: Mapping[str, Any], model: Any, **_: object) -> None:
        found.append((str(model.name), {**params}))

    session.events.register("provide-client-params.dynamodb", collect)
    cloud.restart()
    assert cloud.receive(signed("github-signed")).status == 200
    return found


def test_claim_is_one_conditional_write_whether_bodies_are_kept_or_not(
    cloud: DeliveryCloud,
) -> None:
    (first, claim), (second, outcome) = requests(cloud)

    assert (first, second) == ("PutItem", "UpdateItem")
    assert claim["TableName"] == outcome["TableName"] == cloud.table
    item = claim.pop("Item")
    assert item.keys() == {
        *("source", "delivery_id", "id", "event_type", "flow", "received_at"),
        *("state", "expires_at", "claimed_until", "claim"),
    }
    assert claim == {
        "TableName": cloud.table,
        "ConditionExpression": "attribute_not_exists(delivery_id) OR (#state = :claimed AND"
        " claimed_until < :now) OR #state = :dead OR expires_at < :now",
        "ExpressionAttributeNames": {"#state": "state"},
        "ExpressionAttributeValues": {
            ":claimed": {"S": "claimed"},
            ":dead": {"S": "dead"},
            ":now": claim["ExpressionAttributeValues"][":now"],
        },
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    }
    assert outcome["ExpressionAttributeNames"].keys().isdisjoint({"#kept", "#replay", "#sent_as"})


def test_claim_of_a_kept_webhook_differs_only_by_the_key(cloud: DeliveryCloud) -> None:
    cloud.configure("github", KeepBodies=1)

    (first, claim), (second, kept), (third, _) = requests(cloud)

    assert (first, second, third) == ("PutItem", "PutItem", "UpdateItem")
    assert kept["TableName"] == cloud.kept.table
    assert claim["Item"]["kept"] == claim["Item"]["delivery_id"]
    assert "ConditionExpression" not in kept


def test_sender_that_repeats_what_adobe_rejected_gets_the_first_response(
    cloud: DeliveryCloud,
) -> None:
    sent = signed("github-signed")
    first = cloud.receive(sent)
    client = boto3.client("dynamodb")
    [item] = client.scan(TableName=cloud.table)["Items"]
    client.update_item(
        TableName=cloud.table,
        Key={name: item[name] for name in ("source", "delivery_id")},
        UpdateExpression="SET #state = :failed",
        ExpressionAttributeNames={"#state": "state"},
        ExpressionAttributeValues={":failed": {"S": "failed"}},
    )

    again = cloud.receive(sent)

    assert (again.status, again.document) == (first.status, first.document)
    assert len(cloud.adobe.ledger.received) == 1
