"""The three shapes of a 207."""

from collections.abc import Iterator

import pytest
import requests

from adobe_emulator.server import serving
from adobe_emulator.settings import Behavior, Generation
from tests.support.adobe_client import Client, xdm_message


@pytest.fixture(params=[Generation.DOCUMENTED_2019, Generation.OBSERVED_2024])
def older(request: pytest.FixtureRequest) -> Iterator[Client]:
    with (
        serving(Behavior(generation=request.param)) as adobe,
        requests.Session() as session,
    ):
        yield Client(adobe, session)


def test_older_generations_name_no_transaction_for_a_failure(older: Client) -> None:
    chain = older.chain()
    older.adobe.settle()
    good = xdm_message(older.adobe, chain)
    body = older.send(chain.batch_url, {"messages": [good, {}, good]}).json()
    first, failed, last = body["responses"]
    generation = older.adobe.behavior.generation
    status = "statusCode" if generation is Generation.DOCUMENTED_2019 else "status"

    assert first == {"xactionId": f"{body['batchId']}:0"}
    assert failed.keys() == {status, "message"}
    assert failed[status] == 400
    assert last == {"xactionId": f"{body['batchId']}:2"}
    assert [r.xaction_id for r in older.adobe.ledger.received] == [
        first["xactionId"],
        last["xactionId"],
    ]


def test_seed_gives_the_same_ids_again() -> None:
    flows = []
    for _ in range(2):
        with serving(seed=7) as adobe, requests.Session() as session:
            flows.append(Client(adobe, session).chain().flow)

    assert flows[0] == flows[1]
