"""Replays to a flow of another connection, through the handlers."""

import json

import boto3
import pytest

from inlet_bridge.operations.errors import OperationError
from inlet_bridge.operations.replay.outcomes import Outcome
from tests.support.body_requests import JSON, declare, messages, request
from tests.support.delivery_cloud import DeliveryCloud
from tests.support.http_requests import send
from tests.support.replayed_cloud import Keeper, forward_all, replay


@pytest.fixture
def keeper(monkeypatch: pytest.MonkeyPatch) -> Keeper:
    return Keeper(monkeypatch)


def other_connection(cloud: DeliveryCloud, name: str = "other") -> None:
    answer = cloud.provisioned.send("connection-create", Name=name, SettlingSeconds="0")
    assert answer["Status"] == "SUCCESS", answer["Reason"]
    cloud.adobe.settle()


def test_replay_to_a_flow_of_another_connection_keeps_the_message(
    cloud: DeliveryCloud, keeper: Keeper
) -> None:
    declare(cloud, "hooks", Routes=[{"Flow": "orders", "Map": {"n": "body.n"}}])
    send(cloud, request("hooks", b'{"n": 1}', JSON), request("hooks", b'{"n": 2}', JSON))
    other_connection(cloud)
    before = messages(cloud)

    tally = replay(cloud, keeper, to="other/orders")
    forward_all(cloud)

    assert tally.outcomes == {Outcome.SENT: 2}
    sent = cloud.adobe.ledger.received[len(before) :]
    assert sorted(messages(cloud, len(before)), key=str) == sorted(before, key=str)
    flow_id = cloud.provisioned.parameters()[
        "/inlet-bridge/dev/connections/other/flows/orders/flow_id"
    ]
    assert {json.loads(each.content)["header"]["flowId"] for each in sent} == {flow_id}
    records = {each["delivery_id"]: each for each in cloud.records()}
    assert sum(key.startswith("target:other/orders/") for key in records) == 2
    assert {each["state"] for each in records.values()} == {"delivered"}


def test_unknown_flow_is_refused_before_anything_is_sent(
    cloud: DeliveryCloud, keeper: Keeper
) -> None:
    declare(cloud, "hooks")
    send(cloud, request("hooks", b'{"n": 1}', JSON))

    for name in ("orders/none", "none/orders", "orders", "../orders", "orders/orders/x"):
        with pytest.raises(OperationError, match="is not CONNECTION/FLOW") as caught:
            replay(cloud, keeper, to=name)
        assert "orders/orders" in caught.value.hint
    assert cloud.depth() == {"ready": 0, "later": 0, "taken": 0}


def test_connection_that_is_gone_when_the_message_is_sent_makes_a_dead_letter(
    cloud: DeliveryCloud, keeper: Keeper
) -> None:
    declare(cloud, "hooks")
    send(cloud, request("hooks", b'{"n": 1}', JSON))
    other_connection(cloud)
    replay(cloud, keeper, to="other/orders")
    names = [name for name in cloud.provisioned.parameters() if "/connections/other/" in name]
    for name in names:
        boto3.client("ssm").delete_parameter(Name=name)

    forward_all(cloud)

    [(_, why)] = cloud.dead()
    assert "there is no connection with a flow of this name" in why


@pytest.mark.parametrize("to", ["other/orders", "third/orders"])
def test_one_delivery_to_another_connection_is_sent_again_by_its_id(
    cloud: DeliveryCloud, keeper: Keeper, to: str
) -> None:
    declare(cloud, "hooks", Routes=[{"Flow": "orders", "Map": {"n": "body.n"}}])
    send(cloud, request("hooks", b'{"n": 1}', JSON), request("hooks", b'{"n": 2}', JSON))
    other_connection(cloud)
    other_connection(cloud, name="third")
    replay(cloud, keeper, to="other/orders")
    forward_all(cloud)
    before = messages(cloud)
    first = keeper.webhooks[0].delivery_id

    tally = replay(cloud, keeper, to=to, delivery_id=f"{first}/other/orders")
    forward_all(cloud)

    assert tally.outcomes == {Outcome.SENT: 1}
    [sent] = messages(cloud, len(before))
    assert sent in before
    assert sent["n"] == 1


def test_one_delivery_to_another_connection_needs_its_name(
    cloud: DeliveryCloud, keeper: Keeper
) -> None:
    declare(cloud, "hooks")
    send(cloud, request("hooks", b'{"n": 1}', JSON))
    other_connection(cloud)
    replay(cloud, keeper, to="other/orders")
    forward_all(cloud)
    [webhook] = keeper.webhooks

    tally = replay(cloud, keeper, delivery_id=f"{webhook.delivery_id}/other/orders")

    assert tally.outcomes == {Outcome.UNROUTED: 1}
    assert cloud.depth()["ready"] == 0
