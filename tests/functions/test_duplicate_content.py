"""`DuplicateContentSeconds`: how long equal content counts as a repetition."""

import base64
from datetime import UTC, datetime

import pytest

from bridge.errors import InvalidPropertyError
from bridge.provisioning.sources.declaration import warnings
from functions.receiver import wiring
from tests.support.delivery_cloud import DeliveryCloud
from tests.support.fakes import FakeClock
from tests.support.http_requests import configure, http
from tests.support.http_requests import send as send_requests
from tests.support.sending_provider import SendingProvider, sending_provider

OK = range(200, 300)
HOUR = 3_600
# Without a header or field that identifies them.
HASHED = ["basic_auth", "bearer_api_key", "webflow"]


def send(source: SendingProvider) -> None:
    assert source.send(b'{"event":"paid"}', {}) in OK


@pytest.mark.parametrize("name", HASHED)
def test_equal_content_is_one_event_as_long_as_there_are_records(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    source = sending_provider(monkeypatch, name)

    send(source)
    source.clock.advance(7 * 24 * HOUR)
    send(source)

    assert source.messages == 1


@pytest.mark.parametrize("name", HASHED)
@pytest.mark.parametrize("offset", [0, 1_000, 2_500, HOUR - 1])
def test_equal_content_is_another_event_after_its_period(
    monkeypatch: pytest.MonkeyPatch, name: str, offset: int
) -> None:
    """The period begins with the first webhook, not on the hour."""
    source = sending_provider(monkeypatch, name, DuplicateContentSeconds=str(HOUR))
    source.clock.advance(offset)

    send(source)
    for _ in range(2):
        source.clock.advance(HOUR // 2 - 1)
        send(source)
    assert source.messages == 1, "within the period"

    source.clock.advance(2)
    send(source)
    assert source.messages == 2, "after it"


@pytest.mark.parametrize("name", [*HASHED, "linear", "jira"])
def test_without_a_period_each_request_is_an_event(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    source = sending_provider(monkeypatch, name, DuplicateContentSeconds="0")
    at = source.clock()

    for _ in range(3):
        assert source.send(b'{"event":"paid"}', {}, at=at) in OK

    assert source.messages == 3


def test_id_counts_for_longer_than_content(monkeypatch: pytest.MonkeyPatch) -> None:
    source = sending_provider(monkeypatch, "okta", DuplicateContentSeconds="0")

    for _ in range(2):
        assert source.send(b'{"eventId":"1"}', {}) in OK
        source.clock.advance(24 * HOUR)

    assert source.messages == 1


def test_events_of_a_split_webhook_are_new_after_the_period(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    source = sending_provider(
        monkeypatch, "basic_auth", DuplicateContentSeconds=str(HOUR), Split="body.events"
    )

    for _ in range(2):
        assert source.send(b'{"events":[{"a":1}]}', {}) in OK
    assert source.messages == 1

    source.clock.advance(HOUR + 1)
    assert source.send(b'{"events":[{"a":1}]}', {}) in OK
    assert source.messages == 2


@pytest.mark.parametrize("seconds", ["-1", "691201", "an hour"])
def test_period_is_at_most_the_lifetime_of_records(
    monkeypatch: pytest.MonkeyPatch, seconds: str
) -> None:
    with pytest.raises(InvalidPropertyError) as caught:
        sending_provider(monkeypatch, "basic_auth", DuplicateContentSeconds=seconds)

    assert caught.value.path == "DuplicateContentSeconds"


def test_period_contradicts_strict_replay_protection(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InvalidPropertyError, match="cannot be combined") as caught:
        sending_provider(
            monkeypatch, "github", DuplicateContentSeconds="60", ReplayProtection="strict"
        )

    assert caught.value.path == "DuplicateContentSeconds"


@pytest.mark.parametrize(
    ("name", "seconds", "count"),
    [
        ("webflow", str(HOUR), 1),
        ("jira", str(HOUR), 1),
        ("linear", str(HOUR), 1),
        ("linear", str(9 * HOUR), 0),
        ("basic_auth", str(HOUR), 0),
        ("webflow", "0", 1),
    ],
)
def test_period_that_lets_a_captured_request_through_is_a_warning(
    monkeypatch: pytest.MonkeyPatch, name: str, seconds: str, count: int
) -> None:
    source = sending_provider(monkeypatch, name, DuplicateContentSeconds=seconds)

    captured = [each for each in warnings(source.source) if "captured" in each]
    assert len(captured) == count


@pytest.mark.parametrize("delivery", ["inline", "queued"])
def test_period_holds_with_the_records_of_the_table(
    cloud: DeliveryCloud, monkeypatch: pytest.MonkeyPatch, delivery: str
) -> None:
    """And the function's role allows what it takes."""
    clock = FakeClock(datetime.now(UTC).replace(minute=59))
    monkeypatch.setattr(wiring, "utc_now", clock)
    properties = {"DuplicateContentSeconds": str(HOUR), "Delivery": delivery}
    assert configure(cloud, "it", "user:password", Provider="basic_auth", **properties) == ""
    cloud.restart()
    proof = {"authorization": f"Basic {base64.b64encode(b'user:password').decode()}"}
    for seconds in (0, 120, HOUR - 121, 2):
        clock.advance(seconds)
        [answer] = send_requests(cloud, http("it", b'{"a":1}', proof))
        assert answer.status in OK

    waiting = len(cloud.buffered()) if delivery == "queued" else 0
    assert len(cloud.adobe.ledger.received) + waiting == 2
