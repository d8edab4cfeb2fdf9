"""The emulated inlet with synchronous validation, as in the region VA7."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from adobe_emulator.clock import Clock
from adobe_emulator.emulator import Adobe
from adobe_emulator.server import serving
from adobe_emulator.settings import Behavior
from tests.integration.adobe_emulator.conftest import NOW
from tests.support.lake_client import EVENT, LakeClient


@pytest.fixture(scope="module")
def served() -> Iterator[Adobe]:
    behavior = Behavior(settle=timedelta(0), validates_synchronously=True)
    with serving(behavior, clock=Clock(lambda: NOW)) as adobe:
        yield adobe


def url(lake: LakeClient, name: str = "syncValidation") -> str:
    return f"{lake.chain().inlet_url}?{name}=true"


@pytest.mark.parametrize("name", ["syncValidation", "synchronousValidation"])
def test_valid_message_passes_and_is_ingested(lake: LakeClient, name: str) -> None:
    answer = lake.client.send(url(lake, name), lake.message(EVENT))

    assert answer.status_code == 200
    assert answer.json()["syncValidation"] == {"status": "pass"}
    assert len(lake.client.adobe.ledger.received) == 1


def test_invalid_message_is_refused_with_its_violations_and_dropped(lake: LakeClient) -> None:
    entity = {**EVENT, "_id": 7, "workEmail": {}, "loyalty": {}}
    answer = lake.client.send(url(lake), lake.message(entity))
    document = answer.json()

    assert (answer.status_code, document["status"]) == (400, 400)
    assert document["title"] == "Invalid XDM Message Format"
    assert document["report"]["message"].endswith("Message is invalid")
    [report] = document["report"]["cause"]["_streamingValidation"]
    assert report["message"] == "3 schema violations found"
    assert {each["message"] for each in report["causingExceptions"]} == {
        "extraneous key [workEmail] is not permitted",
        "extraneous key [loyalty] is not permitted",
        "expected type: String, found: Integer",
    }
    assert lake.client.adobe.ledger.received == ()
    assert lake.client.adobe.ledger.lost == ()
    assert lake.complete() == []


def test_batches_have_no_synchronous_validation(lake: LakeClient) -> None:
    url = f"{lake.chain().batch_url}?syncValidation=true"

    assert lake.client.send(url, {"messages": [lake.message(EVENT)]}).status_code == 400


def test_sixty_requests_a_minute_are_validated(lake: LakeClient) -> None:
    statuses = [lake.client.send(url(lake), lake.message(EVENT)).status_code for _ in range(61)]
    assert statuses == [200] * 60 + [429]
    lake.advance(timedelta(minutes=1))

    assert lake.client.send(url(lake), lake.message(EVENT)).status_code == 200
