"""Tests of the Flow Service client over sockets: pages, retries, tokens and errors."""

import logging
from collections.abc import Iterator
from copy import replace
from typing import Any

import pytest

from adobe_emulator.emulator import Adobe
from adobe_emulator.faults import AnswerWith, Fault, Service
from adobe_emulator.resources import Kind
from adobe_emulator.server import serving
from adobe_emulator.settings import Behavior
from bridge.errors import AdobeError
from bridge.names import Slot
from bridge.provisioning.chain.request_bodies import body
from tests.support.flow_service_client import (
    BASE,
    CHAIN,
    CREDENTIALS,
    PLACE,
    Client,
    build,
    fails,
)
from tests.support.virtual_time import record_timeouts


@pytest.fixture
def adobe() -> Iterator[Adobe]:
    with serving(Behavior(page_size=2)) as adobe:
        yield adobe


def test_chain_is_created_read_found_and_deleted(adobe: Adobe) -> None:
    service = Client(adobe).service()
    ids = build(service)

    base = service.get("connections", ids[Slot("connections")])
    assert base is not None
    assert base["auth"]["params"]["inletUrl"].startswith(adobe.url)
    for slot, object_id in ids.items():
        assert adobe.resources.ids(Kind(slot.kind)) == (object_id,)
        name = PLACE.object_name("orders", slot.flow)
        assert [item["id"] for item in service.find(slot.kind, {"name": name})] == [object_id]
        assert service.find(slot.kind, {"name": f"{name}x"}) == []
    for slot in reversed(ids):
        service.delete(slot.kind, ids[slot])
        assert service.get(slot.kind, ids[slot]) is None
        service.delete(slot.kind, ids[slot])


def test_objects_are_found_on_all_pages(adobe: Adobe) -> None:
    service = Client(adobe).service()
    base = service.create("connections", BASE)
    one = body(Slot("sourceConnections", "orders"), CHAIN, PLACE, {Slot("connections"): base})
    made = [service.create("sourceConnections", {**one, "name": f"a b & {n}"}) for n in range(7)]

    found = service.find("sourceConnections", {"baseConnectionId": base})
    assert [item["id"] for item in found] == made
    assert len(service.find("sourceConnections", {"name": "a b & 3"})) == 1


MISSING = "3f4ae131-b384-4e73-9d1f-11f08b3a0a58"


@pytest.mark.parametrize(
    ("status", "text"),
    [
        (404, '{"errorCode": "1101-404"}'),
        (410, ""),
        (400, f'{{"errorCode": "1439-400", "message": "flows resource {MISSING} is not found"}}'),
    ],
)
def test_object_that_does_not_exist_is_missing_however_adobe_says_so(
    adobe: Adobe, status: int, text: str
) -> None:
    # https://experienceleague.adobe.com/en/docs/experience-platform/sources/errors/flow-service-errors
    service = Client(adobe).service()
    adobe.faults.add(fails(status, "GET", text=text))
    adobe.faults.add(fails(status, "DELETE", text=text))

    assert service.get("flows", MISSING) is None
    assert not service.delete("flows", MISSING)


@pytest.mark.parametrize(
    "text",
    [
        '{"errorCode": "1439-400", "message": "flows resource another is not found"}',
        f'{{"errorCode": "1448-400", "message": "flows resource {MISSING} is not found"}}',
    ],
)
def test_other_error_about_an_object_is_not_its_absence(adobe: Adobe, text: str) -> None:
    service = Client(adobe).service()
    adobe.faults.add(fails(400, "DELETE", text=text))

    with pytest.raises(AdobeError, match="400"):
        service.delete("flows", MISSING)


def test_unknown_sandbox_is_not_a_missing_object(adobe: Adobe) -> None:
    service = Client(adobe, replace(CREDENTIALS, sandbox="nowhere")).service()

    with pytest.raises(AdobeError, match=r"2100-404 .*; check the sandbox"):
        service.get("flows", "x")
    with pytest.raises(AdobeError, match="2100-404"):
        service.delete("flows", "x")


def test_rejected_body_is_reported_with_the_message_of_adobe(adobe: Adobe) -> None:
    wrong: dict[str, Any] = {**BASE, "connectionSpec": {"id": "x", "version": "1.0"}}

    with pytest.raises(AdobeError) as caught:
        Client(adobe).service().create("connections", wrong)
    assert "connectionSpec must be" in str(caught.value)
    assert str(caught.value).endswith("; check the ids in the properties")
    assert not caught.value.retryable


@pytest.mark.parametrize("text", ["<html>oops</html>", "[]", '"x"', "{}"])
def test_malformed_response_is_an_error(adobe: Adobe, text: str) -> None:
    adobe.faults.add(fails(201, "POST", text=text))

    with pytest.raises(AdobeError) as caught:
        Client(adobe).service().create("connections", BASE)
    assert caught.value.retryable


def test_request_to_an_unresponsive_adobe_ends_at_the_deadline(
    adobe: Adobe, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = Client(adobe)
    service = client.service()
    service.find("flows", {})
    client.left = 0.4
    adobe.faults.add(Fault(Service.FLOW_SERVICE, times=None, delay_seconds=3_600))
    timeouts = record_timeouts(monkeypatch)

    with pytest.raises(AdobeError, match="ReadTimeout"):
        service.find("flows", {})
    assert max(timeouts) <= 0.4

    client.left = 0
    with pytest.raises(AdobeError, match="no time is left"):
        service.find("flows", {})


def test_logs_contain_request_ids_and_no_secrets(
    adobe: Adobe, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        build(Client(adobe).service())

    logged = " ".join(str(vars(record)) for record in caplog.records)
    assert "adobe_request_id" in logged
    assert CREDENTIALS.client_secret not in logged
    assert "Bearer" not in logged
    assert not any(token in logged for token in adobe.ims._expiry)  # noqa: SLF001 - all tokens


def test_many_objects_are_read_by_one_list(adobe: Adobe, caplog: pytest.LogCaptureFixture) -> None:
    """Over its pages; a missing id is requested individually, and may not exist."""
    service = Client(adobe).service()
    target = body(Slot("targetConnections", "orders"), CHAIN, PLACE, {})
    ids = [service.create("targetConnections", target) for _ in range(3)]
    missing = "00000000-0000-4000-8000-000000000000"
    caplog.set_level(logging.INFO)
    caplog.clear()

    found = service.get_all("targetConnections", [*ids, missing])

    assert set(found) == set(ids)
    paths = [vars(record)["path"] for record in caplog.records if record.name != "responses"]
    assert [path.rpartition("/")[2] for path in paths] == ["targetConnections"] * 2 + [missing]


def test_objects_are_read_individually_if_the_list_rejects_several_ids(adobe: Adobe) -> None:
    """Otherwise they would be created a second time."""
    service = Client(adobe).service()
    target = body(Slot("targetConnections", "orders"), CHAIN, PLACE, {})
    ids = [service.create("targetConnections", target) for _ in range(2)]
    adobe.faults.add(
        Fault(Service.FLOW_SERVICE, method="GET", effect=AnswerWith(200, body='{"items":[]}'))
    )

    assert set(service.get_all("targetConnections", ids)) == set(ids)
