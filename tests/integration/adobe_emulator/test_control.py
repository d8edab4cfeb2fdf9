"""The control endpoints of the emulated Adobe."""

from base64 import b64decode

import pytest

from tests.support.adobe_client import Chain, Client, xdm_message


@pytest.fixture
def chain(client: Client) -> Chain:
    return client.chain(authenticationRequired=True)


def test_state_names_every_object(client: Client, chain: Chain) -> None:
    mapping_set = client.mapping_set()
    state = client.control("GET", "state").json()

    assert state["objects"] == {
        "connections": [chain.connection],
        "sourceConnections": [chain.source],
        "targetConnections": [chain.target],
        "flows": [chain.flow],
    }
    assert state["objectCount"] == 4
    assert state["mappingSets"] == [mapping_set]
    assert state["tokensMinted"] == client.adobe.ims.minted


def test_time_can_be_moved_over_http(client: Client, chain: Chain) -> None:
    before = client.adobe.clock.now()
    answer = client.control("POST", "clock", json={"seconds": 300})

    assert (client.adobe.clock.now() - before).total_seconds() == 300
    assert answer.json()["now"] == client.adobe.clock.now().isoformat()


@pytest.mark.parametrize("body", [{"seconds": -1}, {"minutes": 5}, {}, []])
def test_time_moves_by_seconds_and_only_forward(client: Client, body: object) -> None:
    assert client.control("POST", "clock", json=body).status_code == 400


def test_ledger_can_be_read_over_http(client: Client, chain: Chain) -> None:
    token = client.adobe.ims.mint()
    message = xdm_message(client.adobe, chain)
    client.send(chain.inlet_url, message, Authorization=f"Bearer {token}")
    client.adobe.settle()
    token = client.adobe.ims.mint()
    client.send(chain.batch_url, {"messages": [message, 7]}, Authorization=f"Bearer {token}")
    client.send(chain.inlet_url, message)
    ledger = client.control("GET", "ledger").json()
    (received,), (lost,) = ledger["received"], ledger["lost"]

    assert b64decode(received["content"]) == client.adobe.ledger.received[0].content
    assert received["flowId"] == chain.flow
    assert received["inletId"] == chain.inlet_id
    assert received["xactionId"] == f"{received['batchId']}-0"
    assert received["authenticated"] is True
    assert lost["reason"] == "the flow is settling"
    assert lost["batchId"] is None
    assert [refused["status"] for refused in ledger["refused"]] == [400, 401]
    assert token not in client.control("GET", "ledger").text


def test_reset_forgets_everything(client: Client, chain: Chain) -> None:
    headers = client.headers()
    client.control("POST", "poisons", json={"marker": "x"})
    client.send(chain.inlet_url, {})
    state = client.control("POST", "reset").json()

    assert (state["objectCount"], state["tokensMinted"], state["refused"]) == (0, 0, 0)
    assert client.adobe.faults.poisons == ()
    assert client.flows("GET", "flows", headers=headers).status_code == 401


def test_ids_do_not_come_back_after_a_reset(client: Client, chain: Chain) -> None:
    client.adobe.reset()

    assert client.chain(authenticationRequired=True).flow != chain.flow
