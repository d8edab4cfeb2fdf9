"""Which requests to the Flow Service are sent again, and when."""

from collections.abc import Iterator

import pytest

from adobe_emulator.emulator import Adobe
from adobe_emulator.faults import CloseConnection, Fault, Service
from adobe_emulator.resources import Kind
from adobe_emulator.server import serving
from adobe_emulator.settings import Behavior
from bridge.errors import AdobeError
from bridge.names import Slot
from tests.support.flow_service_client import (
    BASE,
    Client,
    build,
    fails,
)

TRANSIENT = [408, 429, 500, 502, 503, 504, 520]


@pytest.fixture
def adobe() -> Iterator[Adobe]:
    with serving(Behavior(page_size=2)) as adobe:
        yield adobe


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
