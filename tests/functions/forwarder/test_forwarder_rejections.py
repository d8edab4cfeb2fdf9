"""Tests of the forwarder: messages that are dead-lettered, and those beside them."""

from copy import replace

import pytest

from adobe_emulator.faults import AnswerShort, AnswerWith, Fault, Poison, Service
from adobe_emulator.settings import DATASET_ID, Generation
from bridge.delivery.delivery import Delivery
from tests.support.delivery_cloud import DeliveryCloud
from tests.support.forwarded_issues import EMPTY, titles


@pytest.mark.parametrize("generation", list(Generation))
def test_permanently_rejected_message_is_dead_lettered_and_the_others_delivered(
    cloud: DeliveryCloud, generation: Generation
) -> None:
    cloud.adobe.behavior = replace(cloud.adobe.behavior, generation=generation)
    cloud.adobe.faults.poison(Poison("Found bug 2"))

    assert cloud.forward("several") == []
    assert titles(cloud) == ["Found bug 1", "Found bug 3", "Found bug 4"]
    [(letter, reason)] = cloud.dead()
    assert Delivery.decode(letter).delivery_id == "d-2"
    assert reason == "invalid message: the inlet returned 400"
    states = {record["id"]: record["state"] for record in cloud.records()}
    assert states == {"d-1": "delivered", "d-2": "dead", "d-3": "delivered", "d-4": "delivered"}
    assert cloud.depth() == EMPTY


def test_message_to_a_deleted_dataset_says_so(cloud: DeliveryCloud) -> None:
    cloud.adobe.datasets.delete(DATASET_ID)

    assert cloud.forward("several") == []
    dead = cloud.dead()
    for _, reason in dead:
        assert reason == (
            "invalid message: the inlet returned 400: unknown XDM format; the flow's dataset or "
            "schema may be gone or changed, see inlet status"
        )
    assert len(dead) == 4


def test_message_that_fails_the_whole_batch_is_isolated(
    cloud: DeliveryCloud,
) -> None:
    cloud.adobe.faults.poison(Poison("Found bug 2", whole_request=True))

    assert cloud.forward("several") == []
    assert sorted(titles(cloud)) == ["Found bug 1", "Found bug 3", "Found bug 4"]
    assert [Delivery.decode(letter).delivery_id for letter, _ in cloud.dead()] == ["d-2"]


def test_response_with_missing_items_loses_no_message(cloud: DeliveryCloud) -> None:
    cloud.adobe.faults.add(Fault(Service.INLET, effect=AnswerShort(missing=2)))

    assert cloud.forward("several") == []
    assert set(titles(cloud)) == {f"Found bug {number}" for number in range(1, 5)}
    assert {record["state"] for record in cloud.records()} == {"delivered"}


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("unknown-source", "unknown flow: the source no longer exists"),
        ("unknown-flow", "unknown flow: the source no longer has a flow of this name"),
        ("expired", "expired: not delivered within 72 h; the inlet returned 503"),
    ],
)
def test_undeliverable_message_is_dead_lettered_with_its_reason(
    cloud: DeliveryCloud, name: str, reason: str
) -> None:
    if name == "expired":
        cloud.adobe.faults.add(Fault(Service.INLET, effect=AnswerWith(503)))

    assert cloud.forward(name) == []

    [(letter, output)] = cloud.dead()
    assert output == reason
    assert Delivery.decode(letter).delivery_id == "d-1"
    expected = [] if name == "expired" else ["Found bug 2"]
    assert titles(cloud) == expected


def test_malformed_message_is_dead_lettered_unchanged_and_the_others_delivered(
    cloud: DeliveryCloud,
) -> None:
    assert cloud.forward("unreadable") == []

    letters = cloud.dead()
    assert len(letters) == 5
    assert letters[0][0] == "not a delivery"
    assert all(reason.startswith("unreadable: ") for _, reason in letters)
    assert titles(cloud) == ["Found bug 1"]


def test_message_stays_while_the_dead_letter_queue_is_unavailable(cloud: DeliveryCloud) -> None:
    cloud.adobe.faults.poison(Poison("Found bug 2"))
    url = cloud.dead_letters

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DEAD_LETTER_QUEUE_URL", url + "-missing")
        cloud.restart()
        assert cloud.forward("several") == [1]
    assert sum(cloud.depth().values()) == 1
    assert "d-2" not in {record["id"] for record in cloud.records()}
