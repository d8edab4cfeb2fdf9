"""Each provider's documented requests: check of the URL, webhook, retries, next event, rotation."""

import pytest

from bridge.verification.catalogue import PRESETS
from bridge.verification.facts import FACTS
from tests.support.provider_events import EVENTS
from tests.support.provider_retries import retry_times
from tests.support.published_rotation import publish_second, send_with_second
from tests.support.sending_provider import SendingProvider, rotate, sending_provider
from tests.support.signing_senders import CASES, UNVERIFIED

OK = range(200, 300)


def test_every_provider_has_events() -> None:
    assert EVENTS.keys() == PRESETS.keys()


@pytest.mark.parametrize("name", PRESETS)
def test_every_event_of_a_provider_becomes_one_message(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    facts, source = FACTS[name], sending_provider(monkeypatch, name)

    for check in facts.registration.checks:
        answer = source.check(check)
        assert answer["statusCode"] == check.status, check.note
        assert check.answer in answer["body"] + " ".join(answer["headers"].values()), check.note
    assert source.messages == 0, "a check of the URL is no event"

    first = source.clock()
    assert source.event(1) in OK
    assert source.messages == 1

    repeated = 0
    for attempt, time in enumerate(retry_times(name), start=1):
        source.clock.now = first + time
        assert source.event(1, attempt=attempt, first=first) in OK, f"{time} after the first"
        repeated += 1
    expected = 1 if facts.event.stable else 1 + repeated
    assert source.messages == expected, "a retry is the same event"

    source.clock.advance(60)
    assert source.event(2) in OK
    assert source.messages == expected + 1, "a similar event is another one"
    assert source.event(2) in OK or facts.retries.last_seconds == 0

    if name in STORED:
        rotate(source)
        form = EVENTS[name]
        before = source.messages
        for number, secret in ((3, source.case.other_secret), (4, source.secret)):
            sent = form.body_of(number), form.headers_of(number)
            assert source.send(*sent, secret=secret, delivery_id=f"msg_{number}") in OK
            source.clock.advance(1)
        assert source.messages == before + 2, "both secrets are valid during a rotation"
    elif source.case.sender.published:
        _rotate_published(source)


def _rotate_published(source: SendingProvider) -> None:
    """The provider publishes a second key, and for a while signs with either."""
    form, before = EVENTS[source.case.name], source.messages
    third = form.body_of(3), form.headers_of(3), "msg_3"
    assert send_with_second(source, *third) not in OK, "nobody knows the key yet"
    publish_second(source)
    source.clock.advance(3_600)  # Longer than the receiver keeps a key.
    assert send_with_second(source, *third) in OK
    source.clock.advance(1)
    assert source.send(form.body_of(4), form.headers_of(4), delivery_id="msg_4") in OK
    assert source.messages == before + 2, "both keys are valid during a rotation"


def test_every_life_has_a_rotation() -> None:
    """Except that of a provider that does not authenticate its webhooks."""
    rotated = {*STORED, *(name for name, case in CASES.items() if case.sender.published)}

    assert PRESETS.keys() - rotated == {UNVERIFIED}


STORED = [
    name
    for name, case in CASES.items()
    if case.sender.published is None and case.sender.stored(case.secret)
]


SIGNED = [
    name for name in PRESETS if FACTS[name].event.signed and FACTS[name].event.by != "request"
]


@pytest.mark.parametrize("name", SIGNED)
def test_captured_request_with_other_unsigned_headers_is_the_same_event(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """As long as its time is accepted, with any id that a client can make up."""
    source = sending_provider(monkeypatch, name)
    for check in FACTS[name].registration.checks if source.captures else ():
        source.check(check)
    form, at = EVENTS[name], source.clock()
    made_up = {
        "x-request-id": "forged",
        "linear-delivery": "forged",
        "x-atlassian-webhook-identifier": "forged",
        "x-razorpay-event-id": "forged",
    }

    assert source.event(1) in OK
    source.clock.advance(_longest_age(source))
    source.send(form.body_of(1), {**form.headers_of(1), **made_up}, at=at)

    assert source.messages == 1


def _longest_age(source: SendingProvider) -> int:
    """Seconds for which the time of a signature is accepted; few where no time is checked."""
    timestamp = getattr(source.source.scheme, "timestamp", None)
    return getattr(timestamp, "past_seconds", None) or 5
