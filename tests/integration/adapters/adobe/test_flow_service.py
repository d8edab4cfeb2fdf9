"""Tests of the Flow Service client over sockets: pages, retries, tokens and errors."""

import logging
from collections.abc import Iterator
from copy import replace
from dataclasses import dataclass, field
from typing import Any

import pytest
import requests

from adobe_emulator.emulator import Adobe
from adobe_emulator.faults import AnswerWith, CloseConnection, Fault, Service
from adobe_emulator.resources import Kind
from adobe_emulator.server import serving
from adobe_emulator.settings import DATASET_ID, Behavior, Tenant
from adobe_emulator.xdm_schemas import SCHEMA_ID
from bridge.adapters.adobe.flow_service import AdobeFlowService
from bridge.adapters.adobe.ims import AdobeCredentials, ImsTokens
from bridge.adapters.adobe.platform import AdobePlatform
from bridge.adapters.http.connections import connections
from bridge.adapters.http.retry_budget import RetryBudget
from bridge.errors import AdobeError
from bridge.names import ChainLocation, Slot
from bridge.provisioning.chain.desired import DesiredChain, DesiredFlow
from bridge.provisioning.chain.request_bodies import body
from tests.support.fakes import FakeClock
from tests.support.technical_account import credentials_of
from tests.support.virtual_time import record_timeouts

TENANT = Tenant()
CREDENTIALS = credentials_of(TENANT)
PLACE = ChainLocation("test", TENANT.org_id, TENANT.sandbox, "eu-central-1:123456789012")
CHAIN = DesiredChain(
    "orders",
    authenticated=True,
    data_type="xdm",
    flows=(DesiredFlow("orders", DATASET_ID, SCHEMA_ID),),
)
BASE = body(Slot("connections"), CHAIN, PLACE, {})
TRANSIENT = [429, 500, 502, 503, 504]


@pytest.fixture
def adobe() -> Iterator[Adobe]:
    with serving(Behavior(page_size=2)) as adobe:
        yield adobe


@dataclass
class Client:
    """A Flow Service client with its dependencies."""

    adobe: Adobe
    credentials: AdobeCredentials = CREDENTIALS
    slept: list[float] = field(default_factory=list)
    left: float = 3_600.0

    def service(self) -> AdobeFlowService:
        retry_budget = RetryBudget(self._sleep, lambda: 1.0, lambda: self.left)
        session = requests.Session()
        session.trust_env = False
        tokens = ImsTokens(
            connections(), self.adobe.url, lambda: CREDENTIALS, FakeClock(), retry_budget
        )
        platform = AdobePlatform(
            session, self.adobe.url, tokens, lambda: self.credentials, retry_budget
        )
        return AdobeFlowService(platform)

    def _sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.left -= seconds


def fails(status: int, method: str, times: int | None = 1, text: str = "", **headers: str) -> Fault:
    answer = AnswerWith(status, {name.replace("_", "-"): h for name, h in headers.items()}, text)
    return Fault(Service.FLOW_SERVICE, method, times=times, effect=answer)


def build(service: AdobeFlowService) -> dict[Slot, str]:
    """Create a complete chain."""
    ids: dict[Slot, str] = {}
    for slot in CHAIN.slots():
        ids[slot] = service.create(slot.kind, body(slot, CHAIN, PLACE, ids))
    return ids


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


@pytest.mark.parametrize("status", TRANSIENT)
def test_reads_and_deletions_are_retried(adobe: Adobe, status: int) -> None:
    client = Client(adobe)
    service = client.service()
    base = service.create("connections", BASE)

    adobe.faults.add(fails(status, "GET", times=3))
    assert service.get("connections", base) is not None
    assert client.slept == [0.5, 1.0, 2.0]
    adobe.faults.add(fails(status, "DELETE"))
    service.delete("connections", base)
    assert adobe.resources.ids(Kind.CONNECTIONS) == ()


@pytest.mark.parametrize("after_work", [True, False])
def test_deletion_is_retried_after_a_broken_connection(adobe: Adobe, *, after_work: bool) -> None:
    service = Client(adobe).service()
    base = service.create("connections", BASE)
    effect = CloseConnection(after_work=after_work)
    adobe.faults.add(Fault(Service.FLOW_SERVICE, "DELETE", effect=effect))

    service.delete("connections", base)
    assert adobe.resources.ids(Kind.CONNECTIONS) == ()


@pytest.mark.parametrize("status", TRANSIENT)
def test_failed_post_is_never_retried(adobe: Adobe, status: int) -> None:
    client = Client(adobe)
    adobe.faults.add(fails(status, "POST", times=2))

    with pytest.raises(AdobeError) as caught:
        client.service().create("connections", BASE)
    assert caught.value.retryable
    assert caught.value.status == status
    assert [fault.times for fault in adobe.faults.pending] == [1]
    assert client.slept == []


def test_post_with_a_lost_response_is_never_retried(adobe: Adobe) -> None:
    adobe.faults.add(Fault(Service.FLOW_SERVICE, "POST", effect=CloseConnection(after_work=True)))

    with pytest.raises(AdobeError, match="ConnectionError") as caught:
        Client(adobe).service().create("connections", BASE)
    assert caught.value.retryable
    assert caught.value.status is None
    assert len(adobe.resources.ids(Kind.CONNECTIONS)) == 1


def test_revoked_token_is_renewed_once(adobe: Adobe) -> None:
    service = Client(adobe).service()
    service.find("flows", {})
    adobe.ims.revoke_all()

    service.create("connections", BASE)
    assert len(adobe.resources.ids(Kind.CONNECTIONS)) == 1
    assert adobe.ims.minted == 2


def test_token_rejected_twice_is_an_error(adobe: Adobe) -> None:
    refusal = '{"error_code": "401013", "message": "Oauth token is not valid"}'
    adobe.faults.add(fails(401, "GET", times=None, text=refusal))

    with pytest.raises(AdobeError) as caught:
        Client(adobe).service().get("flows", "x")
    assert str(caught.value) == (
        "Adobe refused to read flows/x: 401 401013 Oauth token is not valid; check the credentials"
    )
    assert not caught.value.retryable
    assert adobe.ims.minted == 2


def test_retry_after_is_honored(adobe: Adobe) -> None:
    client = Client(adobe)
    adobe.faults.add(fails(429, "GET", Retry_After="11"))

    client.service().find("flows", {})
    assert client.slept == [11]


def test_retries_end(adobe: Adobe) -> None:
    client = Client(adobe)
    adobe.faults.add(fails(503, "GET", times=None))

    with pytest.raises(AdobeError, match=r"503; apply again later$"):
        client.service().find("flows", {})
    assert client.slept == [0.5, 1.0, 2.0, 4.0]


def test_deletion_waits_while_the_object_is_in_use(adobe: Adobe) -> None:
    client = Client(adobe, left=400)
    service = client.service()
    ids = build(service)

    with pytest.raises(AdobeError, match=r"14(18|47)") as caught:
        service.delete("connections", ids[Slot("connections")])
    assert caught.value.retryable
    # While there is time for another pause.
    assert client.slept == [0.5, 1, 2, 4, *[8] * 49]


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
