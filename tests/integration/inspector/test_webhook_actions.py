"""Actions on one webhook: confirmed, permitted, recorded, and safe to ask for twice."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import boto3
import pytest
from starlette.testclient import TestClient

from bridge.delivery.record import State
from inlet_bridge.inspector.web.addresses import webhook_path
from tests.support.inspecting import opened
from tests.support.kept_webhooks import Inspected
from tests.support.moto_deployment import STACK
from tests.support.webhook_action_forms import act, form, post, recorded


@pytest.fixture
def browser(cloud: Inspected, tmp_path: Path) -> TestClient:
    return opened(tmp_path, actions_allowed=True)


def test_delivered_webhook_is_replayed_once_however_often_the_page_is_sent(
    cloud: Inspected, browser: TestClient, tmp_path: Path
) -> None:
    delivery = cloud.receive("d-1")
    fields = form(browser, "replay", "d-1")

    assert "It is in the buffer, and is sent within seconds" in post(browser, "d-1", fields)
    page = browser.get(webhook_path(STACK, "github", "d-1")).text
    assert "Next attempt: within seconds" in page
    [waiting] = cloud.commands.bridge.waiting()
    assert (waiting.key, waiting.replay) == (delivery.key, fields["run_id"])
    [line] = recorded(tmp_path)
    assert (line["action"], line["source"], line["delivery_id"]) == ("replay", "github", "d-1")
    assert line["who"] == "arn:aws:iam::123456789012:user/operator"

    cloud.deliveries.delivered(waiting, "flow", "x:2")
    assert "It was sent again already" in post(browser, "d-1", fields)
    assert len(cloud.commands.bridge.waiting()) == 1
    assert len(recorded(tmp_path)) == 2


def test_two_replays_at_once_are_one(cloud: Inspected, browser: TestClient) -> None:
    """Both may put a message in the buffer, of which the forwarder sends one."""
    cloud.receive("d-1")
    fields = form(browser, "replay", "d-1")

    with ThreadPoolExecutor(2) as pool:
        said = list(pool.map(lambda _: post(browser, "d-1", fields), range(2)))

    assert all("It is in the buffer" in each for each in said)
    waiting = cloud.commands.bridge.waiting()
    assert all(each.sends > 0 for each in waiting)
    assert len({each.key for each in waiting}) == 1
    begun = [cloud.commands.bridge.attempts_may_begin(each) for each in waiting]
    assert begun.count(True) == 1


def test_webhook_that_waits_is_not_sent_twice(cloud: Inspected, browser: TestClient) -> None:
    delivery = cloud.receive("d-1", is_delivered=False)
    cloud.deliveries.postponed(delivery, "503", delivery.received_at)

    assert "It waits in the buffer already" in act(browser, "replay", "d-1")
    assert cloud.commands.bridge.waiting() == []


def test_webhook_without_a_body_is_not_replayed(cloud: Inspected, browser: TestClient) -> None:
    cloud.receive("d-1", is_kept=False)
    page = browser.get(webhook_path(STACK, "github", "d-1")).text

    assert "disabled" in page
    assert "its body is not kept" in page
    assert "Its body is not kept" in act(browser, "replay", "d-1")


def test_webhook_that_no_longer_fits_its_map_says_why(
    cloud: Inspected, browser: TestClient
) -> None:
    cloud.receive("d-1", body=b'{"a": {"b": 1}}')
    cloud.configure(schemas={}, routes=cloud.unfitting)

    said = act(browser, "replay", "d-1")

    assert "It cannot be sent: " in said
    assert cloud.commands.bridge.waiting() == []


def test_part_of_a_split_webhook_is_replayed_alone(cloud: Inspected, browser: TestClient) -> None:
    cloud.configure(split="body.items")
    cloud.receive_split("d-1", b'{"items": [{"a": 1}, {"a": 2}]}')

    act(browser, "replay", "d-1/1")

    assert [each.delivery_id for each in cloud.commands.bridge.waiting()] == ["d-1/1"]


def test_dead_letter_is_redriven_and_then_is_none(cloud: Inspected, browser: TestClient) -> None:
    bridge = cloud.commands.bridge
    buried, other = bridge.buried("d-1"), bridge.buried("d-2")

    assert "was redriven" in act(browser, "redrive", "d-1")
    assert [each.key for each in bridge.waiting()] == [buried.key]
    assert bridge.dead() == {other.delivery_id}
    response = browser.get(webhook_path(STACK, "github", "d-1", confirm="redrive"))
    assert response.status_code == 404
    fields = form(browser, "replay", "d-1") | {"action": "redrive"}
    assert "no dead letter any more: it is buffered" in post(browser, "d-1", fields)
    assert len(bridge.waiting()) == 1


def test_dead_letter_is_dropped_once(cloud: Inspected, browser: TestClient) -> None:
    bridge = cloud.commands.bridge
    buried = bridge.buried("d-1")
    fields = form(browser, "drop", "d-1")

    assert post(browser, "d-1", fields) == "The dead letter was deleted."
    assert bridge.dead() == set()
    assert "open_shard" not in cloud.record(buried)
    assert "was dropped already" in post(browser, "d-1", fields)
    page = browser.get(webhook_path(STACK, "github", "d-1")).text
    assert "its dead letter was deleted" in page
    assert "Drop …" not in page
    assert '<dd class="state-dropped">dropped</dd>' in page


def test_dead_letter_that_someone_else_reads_is_not_found(
    cloud: Inspected, browser: TestClient
) -> None:
    bridge = cloud.commands.bridge
    bridge.buried("d-1")
    fields = form(browser, "redrive", "d-1")
    boto3.client("sqs").receive_message(QueueUrl=bridge.dead_letters_url, VisibilityTimeout=300)

    said = post(browser, "d-1", fields)

    assert "for up to five minutes" in said
    assert "inlet dead-letters redrive" in said
    assert bridge.waiting() == []


def test_failed_record_is_dropped_once(cloud: Inspected, browser: TestClient) -> None:
    delivery = cloud.receive("d-1")
    cloud.fail(delivery)
    fields = form(browser, "drop", "d-1")

    assert "The failed record was closed" in post(browser, "d-1", fields)
    record = cloud.record(delivery)
    assert record["state"] == State.FAILED
    assert "open_shard" not in record
    assert "was dropped already" in post(browser, "d-1", fields)
    assert cloud.record(delivery)["dropped_at"] == record["dropped_at"]
    page = browser.get(webhook_path(STACK, "github", "d-1")).text
    assert '<dd class="state-dropped">dropped</dd>' in page
    assert "Replay …" not in page


def test_failed_record_is_replayed(cloud: Inspected, browser: TestClient) -> None:
    delivery = cloud.receive("d-1")
    cloud.fail(delivery)

    assert "It is in the buffer" in act(browser, "replay", "d-1")
    assert cloud.record(delivery)["state"] == State.BUFFERED
