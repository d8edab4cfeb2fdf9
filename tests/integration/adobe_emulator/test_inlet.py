"""The emulated inlet: who may send, what is answered, what is in the ledger."""

import json
import re
from datetime import timedelta

import pytest

from adobe_emulator.emulator import Adobe
from adobe_emulator.inlet_requests import MAX_BYTES
from tests.support.adobe_client import Chain, Client, xdm_message


def test_message_is_answered_with_its_transaction(client: Client, chain: Chain) -> None:
    answer = client.send(chain.inlet_url, xdm_message(client.adobe, chain))
    body = answer.json()

    assert answer.status_code == 200
    assert body.keys() == {"inletId", "xactionId", "receivedTimeMs"}
    assert body["inletId"] == chain.inlet_id
    assert body["receivedTimeMs"] == client.adobe.clock.milliseconds()


def test_ledger_has_the_bytes_and_headers_as_they_were_sent(client: Client, chain: Chain) -> None:
    content = json.dumps(
        xdm_message(client.adobe, chain, {"name": "Zoë 🎉"}), indent=3, ensure_ascii=False
    ).encode()
    answer = client.send(chain.inlet_url, content, **{"x-trace": "t1", "Authorization": "Bearer x"})
    (received,) = client.adobe.ledger.received

    assert received.content == content
    assert received.headers["x-trace"] == "t1"
    assert "authorization" not in received.headers
    assert received.flow_id == chain.flow
    assert received.xaction_id == answer.json()["xactionId"]
    assert received.batch_id is None


def test_ledger_has_each_message_of_a_batch_as_its_own_bytes(client: Client, chain: Chain) -> None:
    messages = [
        json.dumps(xdm_message(client.adobe, chain, {"n": "ä"}), ensure_ascii=ascii, indent=indent)
        for ascii, indent in ((True, None), (False, 2), (False, None))  # noqa: A001 - as json says
    ]
    body = '{ "x": [1], "messages" : [ ' + " ,\n".join(messages) + " ] }"
    answer = client.send(chain.batch_url, body.encode())

    assert answer.status_code == 207
    assert [r.content for r in client.adobe.ledger.received] == [m.encode() for m in messages]
    assert {r.batch_id for r in client.adobe.ledger.received} == {answer.json()["batchId"]}


def test_authenticated_inlet_wants_a_token(client: Client) -> None:
    chain = client.chain(authenticationRequired=True)
    answer = client.send(chain.inlet_url, {})

    assert answer.status_code == 401
    assert answer.json() == {
        "type": "https://ns.adobe.com/adobecloud/problem/data-collection-service-authorization",
        "status": "401",
        "title": "Authorization",
        "report": {"message": f"[{chain.inlet_id}] Ims service token is empty"},
    }


def test_authenticated_inlet_refuses_an_expired_token(client: Client) -> None:
    chain = client.chain(authenticationRequired=True)
    token = client.adobe.ims.mint()
    client.adobe.clock.advance(timedelta(days=2))
    message = xdm_message(client.adobe, chain)
    stale = client.send(chain.inlet_url, message, Authorization=f"Bearer {token}")
    fresh = client.send(chain.inlet_url, message, Authorization=f"Bearer {client.adobe.ims.mint()}")

    assert (stale.status_code, fresh.status_code) == (401, 200)


def test_open_inlet_takes_any_token_and_notes_which_was_good(client: Client, chain: Chain) -> None:
    message = xdm_message(client.adobe, chain)
    client.send(chain.inlet_url, message)
    client.send(chain.inlet_url, message, Authorization="Bearer of-bad-news")
    client.send(chain.inlet_url, message, Authorization=f"Bearer {client.adobe.ims.mint()}")

    assert [r.authenticated for r in client.adobe.ledger.received] == [False, False, True]


def test_unknown_inlet_is_not_found(client: Client) -> None:
    answer = client.send(f"{client.adobe.url}/collection/{'0' * 64}", {})

    assert answer.status_code == 404


def test_id_of_the_connection_is_not_the_id_of_the_inlet(client: Client, chain: Chain) -> None:
    url = f"{client.adobe.url}/collection/{chain.connection}"

    assert client.send(url, xdm_message(client.adobe, chain)).status_code == 404


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-jackson-smile", ""])
def test_only_json_is_read(client: Client, chain: Chain, content_type: str) -> None:
    message = xdm_message(client.adobe, chain)
    answer = client.send(chain.inlet_url, message, **{"Content-Type": content_type})

    assert answer.status_code == 415


def test_charset_beside_the_content_type_is_fine(client: Client, chain: Chain) -> None:
    headers = {"Content-Type": "application/json; charset=utf-8"}
    answer = client.send(chain.inlet_url, xdm_message(client.adobe, chain), **headers)

    assert answer.status_code == 200


@pytest.mark.parametrize("end", ["inlet_url", "batch_url"])
def test_request_of_one_megabyte_is_taken_and_one_byte_more_is_not(
    client: Client, chain: Chain, end: str
) -> None:
    message = json.dumps(xdm_message(client.adobe, chain)).encode()
    body = message if end == "inlet_url" else b'{"messages":[' + message + b"]}"
    url = getattr(chain, end)
    full = body + b" " * (MAX_BYTES - len(body))
    taken, refused = client.send(url, full), client.send(url, full + b" ")

    assert MAX_BYTES == 1_000_000
    assert taken.status_code in {200, 207}
    assert (refused.status_code, refused.content) == (413, b"")
    assert len(client.adobe.ledger.received) == 1


@pytest.mark.parametrize("content", [b"", b"{", b'{"a":NaN}', b"\xff", b"{}{}"])
@pytest.mark.parametrize("url", ["inlet_url", "batch_url"])
def test_a_body_that_is_no_json_is_refused(
    client: Client, chain: Chain, url: str, content: bytes
) -> None:
    answer = client.send(getattr(chain, url), content)

    assert answer.status_code == 400
    assert answer.json()["status"] == 400
    assert client.adobe.ledger.refused[0].status == 400


@pytest.mark.parametrize("body", [{}, [], {"messages": []}, {"messages": {}}, {"message": []}])
def test_batch_needs_messages(client: Client, chain: Chain, body: object) -> None:
    assert client.send(chain.batch_url, body).status_code == 400


def test_one_bad_byte_spoils_a_whole_batch(client: Client, chain: Chain) -> None:
    good = json.dumps(xdm_message(client.adobe, chain)).encode()
    answer = client.send(chain.batch_url, b'{"messages":[' + good + b', {"a":}]}')

    assert answer.status_code == 400
    assert client.adobe.ledger.received == ()


@pytest.mark.parametrize("name", ["syncValidation", "synchronousValidation"])
def test_synchronous_validation_is_not_available(client: Client, chain: Chain, name: str) -> None:
    message = xdm_message(client.adobe, chain)

    assert client.send(f"{chain.inlet_url}?{name}=true", message).status_code == 501
    assert client.send(f"{chain.inlet_url}?{name}=False", message).status_code == 200


def test_batch_is_207_with_the_position_of_each_message(client: Client, chain: Chain) -> None:
    good, bad = xdm_message(client.adobe, chain), {"no": "header"}
    answer = client.send(chain.batch_url, {"messages": [good, bad, good]})
    body = answer.json()
    ids = [f"{body['batchId']}-{index}" for index in range(3)]

    assert answer.status_code == 207
    assert body.keys() == {"inletId", "batchId", "receivedTimeMs", "responses"}
    assert re.fullmatch(r"[0-9a-f-]{36}", body["batchId"])
    assert [item["xactionId"] for item in body["responses"]] == ids
    assert body["responses"][1]["status"] == 400
    assert [r.xaction_id for r in client.adobe.ledger.received] == [ids[0], ids[2]]


def test_batch_is_207_also_when_every_message_failed(client: Client, chain: Chain) -> None:
    answer = client.send(chain.batch_url, {"messages": [1, "two", None]})

    assert answer.status_code == 207
    assert [item["status"] for item in answer.json()["responses"]] == [400] * 3
    assert len(client.adobe.ledger.refused) == 3


def test_messages_to_a_new_flow_are_acknowledged_and_lost(client: Client) -> None:
    chain = client.chain()
    message = xdm_message(client.adobe, chain)
    client.adobe.clock.advance(timedelta(minutes=5, milliseconds=-1))
    early = client.send(chain.inlet_url, message)
    batch = client.send(chain.batch_url, {"messages": [message]})
    client.adobe.clock.advance(timedelta(milliseconds=1))
    client.send(chain.inlet_url, message)
    (lost, also_lost) = client.adobe.ledger.lost

    assert early.status_code == 200
    assert "status" not in batch.json()["responses"][0]
    assert lost.message.xaction_id == early.json()["xactionId"]
    assert (lost.reason, also_lost.reason) == ("the flow is settling", "the flow is settling")
    assert len(client.adobe.ledger.received) == 1


def test_changed_flow_settles_again(client: Client, chain: Chain) -> None:
    etag = client.read("flows", chain.flow)["etag"]
    client.flows(
        "PATCH",
        f"flows/{chain.flow}",
        json=[{"op": "add", "path": "/description", "value": "new"}],
        headers={"If-Match": etag},
    )
    client.send(chain.inlet_url, xdm_message(client.adobe, chain))

    assert len(client.adobe.ledger.lost) == 1
    assert client.adobe.ledger.received == ()


def test_disabled_flow_acknowledges_and_loses(client: Client, chain: Chain) -> None:
    client.flows("POST", f"flows/{chain.flow}/action?op=disable")
    answer = client.send(chain.inlet_url, xdm_message(client.adobe, chain))

    assert answer.status_code == 200
    assert [lost.reason for lost in client.adobe.ledger.lost] == ["the flow is disabled"]


def test_connection_may_feed_several_flows(client: Client, chain: Chain, adobe: Adobe) -> None:
    body = client.read("flows", chain.flow)
    second = client.create(
        "flows",
        {
            name: body[name]
            for name in ("name", "flowSpec", "sourceConnectionIds", "targetConnectionIds")
        },
    )
    adobe.settle()
    message = xdm_message(adobe, chain)
    message["header"]["flowId"] = second
    client.send(chain.inlet_url, message)

    assert [r.flow_id for r in adobe.ledger.received] == [second]
