"""The emulated Adobe with injected faults."""

from time import monotonic
from typing import Any

import pytest
import requests

from adobe_emulator.faults import AnswerShort, AnswerWith, CloseConnection, Fault, Poison, Service
from inlet_bridge.local.polling import wait_until
from tests.support.adobe_client import Chain, Client, connection_body, xdm_message


@pytest.fixture
def message(client: Client, chain: Chain) -> dict[str, Any]:
    return xdm_message(client.adobe, chain)


def test_response_can_be_planned_for_the_next_requests(
    client: Client, chain: Chain, message: dict[str, Any]
) -> None:
    busy = AnswerWith(503, {"Retry-After": "7"}, "busy")
    client.adobe.faults.add(Fault(service=Service.INLET, times=2, effect=busy))
    answers = [client.send(chain.inlet_url, message) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [503, 503, 200]
    assert answers[0].headers["Retry-After"] == "7"
    assert answers[0].text == "busy"
    assert len(client.adobe.ledger.received) == 1


def test_faults_are_drawn_in_the_order_in_which_they_were_planned(
    client: Client, chain: Chain, message: dict[str, Any]
) -> None:
    for status in (429, 500):
        client.adobe.faults.add(Fault(effect=AnswerWith(status)))
    answers = [client.send(chain.inlet_url, message).status_code for _ in range(3)]

    assert answers == [429, 500, 200]


def test_fault_waits_for_the_request_that_it_is_meant_for(client: Client) -> None:
    path = "*/sourceConnections"
    client.adobe.faults.add(Fault(method="POST", path=path, effect=AnswerWith(500)))
    connection = client.connection()
    read = client.flows("GET", "sourceConnections")
    failed = client.flows("POST", "sourceConnections", json={})

    assert connection
    assert (read.status_code, failed.status_code) == (200, 500)
    assert client.adobe.faults.pending == ()


def test_connection_can_close_before_the_work(client: Client) -> None:
    client.adobe.faults.add(Fault(effect=CloseConnection(after_work=False)))
    with pytest.raises(requests.ConnectionError):
        client.flows("POST", "connections", json=connection_body())

    assert client.control("GET", "state").json()["objectCount"] == 0


def test_connection_can_close_after_the_work(client: Client) -> None:
    client.adobe.faults.add(Fault(effect=CloseConnection(after_work=True)))
    with pytest.raises(requests.ConnectionError):
        client.flows("POST", "connections", json=connection_body())

    assert client.control("GET", "state").json()["objectCount"] == 1
    assert client.flows("GET", "connections").status_code == 200


def test_response_can_be_late(client: Client) -> None:
    client.adobe.faults.add(Fault(delay_seconds=0.2))
    started = monotonic()
    answer = client.flows("GET", "flows")

    assert answer.status_code == 200
    assert monotonic() - started >= 0.2


def test_work_is_done_also_when_the_client_does_not_wait_for_it(
    client: Client, chain: Chain, message: dict[str, Any]
) -> None:
    client.adobe.faults.add(Fault(service=Service.INLET, delay_seconds=0.3))
    with pytest.raises(requests.Timeout):
        client.session.post(chain.inlet_url, json=message, timeout=0.1)

    assert wait_until(lambda: len(client.adobe.ledger.received) == 1, 60, every=0.05)


def test_207_can_be_shorter_than_the_batch(
    client: Client, chain: Chain, message: dict[str, Any]
) -> None:
    client.adobe.faults.add(Fault(effect=AnswerShort(missing=2)))
    answer = client.send(chain.batch_url, {"messages": [message] * 5})
    responses = answer.json()["responses"]

    assert [item["xactionId"].rpartition("-")[2] for item in responses] == ["2", "3", "4"]
    assert len(client.adobe.ledger.received) == 5


def test_poisoned_message_is_rejected_without_affecting_the_others(
    client: Client, chain: Chain, message: dict[str, Any]
) -> None:
    bad = xdm_message(client.adobe, chain, {"_id": "poison"})
    client.adobe.faults.poison(Poison("poison", status=500))
    batch = client.send(chain.batch_url, {"messages": [message, bad, message]}).json()
    single = client.send(chain.inlet_url, bad)

    assert [item.get("status") for item in batch["responses"]] == [None, 500, None]
    assert single.status_code == 500
    assert len(client.adobe.ledger.received) == 2


def test_poisoned_message_can_spoil_the_whole_batch(
    client: Client, chain: Chain, message: dict[str, Any]
) -> None:
    bad = xdm_message(client.adobe, chain, {"_id": "poison"})
    client.adobe.faults.poison(Poison("poison", whole_request=True))
    batch = client.send(chain.batch_url, {"messages": [message, bad]})
    rest = client.send(chain.batch_url, {"messages": [message]})

    assert (batch.status_code, rest.status_code) == (400, 207)
    assert len(client.adobe.ledger.received) == 1


def test_faults_can_be_planned_listed_and_cleared_over_http(client: Client) -> None:
    fault = {"service": "flow-service", "times": None, "effect": {"kind": "answer", "status": 502}}
    planned = client.control("POST", "faults", json=fault).json()
    poisoned = client.control("POST", "poisons", json={"marker": "x"}).json()
    failing = client.flows("GET", "flows").status_code
    cleared = client.control("DELETE", "faults").json()

    assert planned["faults"][0]["effect"]["status"] == 502
    assert poisoned["poisons"] == [{"marker": "x", "status": 400, "whole_request": False}]
    assert client.control("GET", "faults").json() == cleared == {"faults": [], "poisons": []}
    assert (failing, client.flows("GET", "flows").status_code) == (502, 200)


@pytest.mark.parametrize(
    ("body", "effect"),
    [
        ({"kind": "close", "after_work": True}, CloseConnection(after_work=True)),
        ({"kind": "short", "missing": 3}, AnswerShort(missing=3)),
        ({"kind": "answer", "status": 429}, AnswerWith(429)),
        (None, None),
    ],
)
def test_every_kind_of_fault_can_be_written_as_json(client: Client, body: Any, effect: Any) -> None:
    client.control("POST", "faults", json={"effect": body, "delay_seconds": 0.5})

    assert client.adobe.faults.pending == (Fault(delay_seconds=0.5, effect=effect),)


@pytest.mark.parametrize(
    "fault",
    [
        {"service": "profile"},
        {"effect": {"kind": "explode"}},
        {"times": "many"},
        {"times": 0},
        {"delay_seconds": -1},
        {"effct": None},
    ],
)
def test_fault_that_makes_no_sense_is_rejected(client: Client, fault: dict[str, Any]) -> None:
    assert client.control("POST", "faults", json=fault).status_code == 400
    assert client.adobe.faults.pending == ()
