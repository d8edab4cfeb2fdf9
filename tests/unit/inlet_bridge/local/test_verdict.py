"""Tests of the verdict on a run."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from inlet_bridge.local.balance import Balance
from inlet_bridge.local.deliveries import Record
from inlet_bridge.local.delivery import Outcome
from inlet_bridge.local.samples import Sample
from inlet_bridge.local.scenario import Variation, Webhook
from inlet_bridge.local.verdict import (
    Chain,
    Message,
    Observations,
    check_run,
    check_webhooks,
    expected_statuses,
)

NOON = datetime(2026, 3, 14, 12, tzinfo=UTC)
FLOW = "11111111-2222-3333-4444-555555555555"
CHAIN = Chain(FLOW, NOON)
BODY = b'{"_id":"1"}'


def webhook(variation: Variation = Variation.NONE) -> Webhook:
    return Webhook(Sample("github/push", "github", "push", BODY), variation, "d-1")


def outcome(
    *,
    status: int = 200,
    variation: Variation = Variation.NONE,
    answer: Mapping[str, Any] | None = None,
    body: bytes = BODY,
    sent_at: datetime = NOON,
) -> Outcome:
    given = {"delivery_id": "d-1", "flow": "events", "flow_id": FLOW, "xactionId": "x-1"}
    return Outcome(
        webhook=webhook(variation),
        body=body,
        sent_at=sent_at,
        answered_at=sent_at + timedelta(seconds=1),
        status=status,
        content_type="application/json",
        answer=dict(given if answer is None else answer),
    )


def refusal(status: int = 401, variation: Variation = Variation.FORGED) -> Outcome:
    refused = outcome(status=status, variation=variation, answer={"status": status})
    return replace(refused, content_type="application/problem+json")


def message(body: bytes = BODY, **changes: Any) -> Message:
    header = json.dumps({"flowId": changes.pop("header_flow", FLOW)}).encode()
    content = b'{"header":' + header + b',"body":{"xdmMeta":{},"xdmEntity":' + body + b"}}"
    given: dict[str, Any] = {
        "content": content,
        "xaction_id": "x-1",
        "headers": {"x-adobe-flow-id": FLOW},
        "authenticated": True,
    }
    return Message(**given | changes)


def observations(
    *received: Message, state: str = "delivered", lost: Mapping[str, str] | None = None
) -> Observations:
    records = {("github", "d-1"): Record(state, "x-1", "")}
    return Observations(CHAIN, records, received, lost or {})


def faults(one: Outcome, found: Observations) -> tuple[str, ...]:
    return check_webhooks([one], found)[0].faults


def test_webhook_that_is_in_the_inlet_once_is_correct() -> None:
    assert faults(outcome(), observations(message())) == ()


def test_buffered_webhook_is_checked_by_its_later_xaction_id() -> None:
    early = outcome(
        status=202,
        answer={"delivery_id": "d-1", "flow_id": FLOW},
        sent_at=NOON - timedelta(seconds=5),
    )
    (verdict,) = check_webhooks([early], observations(message()))

    assert verdict.faults == ()
    assert verdict.xaction_id == "x-1"


@pytest.mark.parametrize(
    ("received", "words"),
    [
        ((), "is 0 times at Adobe"),
        ((message(), message()), "is 2 times at Adobe"),
        ((message(), message(xaction_id="x-2")), "was ingested 2 times with the same _id"),
        ((message(header_flow="other"),), "another header.flowId"),
        ((message(headers={}),), "another x-adobe-flow-id"),
        ((message(xaction_id="x-2"),), "is 0 times at Adobe"),
        ((message(authenticated=False),), "without a valid token"),
    ],
)
def test_whatever_is_wrong_in_the_inlet_is_reported(
    received: tuple[Message, ...], words: str
) -> None:
    assert any(words in fault for fault in faults(outcome(), observations(*received)))


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({"delivery_id": "d-1", "flow_id": "other", "xactionId": "x-1"}, "another flow id"),
        ({"flow_id": FLOW, "xactionId": "x-1"}, "without a delivery id"),
    ],
)
def test_whatever_is_wrong_in_the_response_is_reported(answer: dict[str, str], words: str) -> None:
    found = faults(outcome(answer=answer), observations(message()))

    assert any(words in fault for fault in found)


def test_delivery_that_died_is_reported() -> None:
    assert "its record says dead" in faults(outcome(), observations(message(), state="dead"))


def test_unexpected_status_is_the_only_reported_error() -> None:
    assert faults(outcome(status=503, answer={}), observations()) == (
        "answered 503 instead of 200",
    )


def test_rejected_webhook_that_is_nowhere_is_correct() -> None:
    assert faults(refusal(), observations()) == ()


def test_message_that_adobe_rejected_later_is_reported_with_the_reason() -> None:
    lost = {"x-1": "#: extraneous key [n] is not permitted"}

    assert faults(outcome(), observations(lost=lost)) == (
        "was accepted by Adobe and not ingested: #: extraneous key [n] is not permitted",
    )


def test_refusal_that_is_not_a_problem_is_reported() -> None:
    plain = replace(refusal(), content_type="text/html")

    assert faults(plain, observations()) == ("answered with text/html",)


def test_wrongly_accepted_webhook_is_reported() -> None:
    taken = replace(outcome(), webhook=webhook(Variation.FORGED))

    assert faults(taken, observations(message())) == ("answered 200 instead of 401",)


def test_duplicate_needs_no_second_copy() -> None:
    verdicts = check_webhooks(
        [outcome(), outcome(variation=Variation.AGAIN)], observations(message())
    )

    assert [verdict.faults for verdict in verdicts] == [(), ()]


def test_another_body_with_a_known_delivery_id_is_a_duplicate() -> None:
    verdicts = check_webhooks([outcome(), outcome(body=b'{"n":2}')], observations(message()))

    assert [verdict.faults for verdict in verdicts] == [(), ()]


def test_responses_and_records_decide_without_a_ledger() -> None:
    blind = replace(observations(), received=None)

    assert faults(outcome(), blind) == ()
    assert check_run([outcome()], blind) == []


def test_unexpected_message_in_the_inlet_is_reported() -> None:
    found = check_run([outcome()], observations(message(), lost={"x-2": "no reason"}))

    assert found == ["1 more messages are in the inlet than were accepted"]


def test_run_has_the_faults_of_its_balance() -> None:
    failed = Balance(1, ingested=0, filtered=0, dead=0, failed=1, in_flight=0)
    found = check_run([outcome()], replace(observations(message()), balance=failed))

    assert found == ["Adobe accepted 1 messages and rejected them later"]


def test_messages_without_an_id_are_not_copies_of_each_other() -> None:
    received = (message(b"{}"), message(b"{}", xaction_id="x-2"))

    assert faults(outcome(), observations(*received)) == ()


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [(-2, (202,)), (-0.5, (200, 202)), (0, (200, 202)), (3, (200, 202))],
)
def test_expected_status_depends_on_the_ready_time_of_the_flow(
    seconds: float, expected: tuple[int, ...]
) -> None:
    sent = outcome(sent_at=NOON + timedelta(seconds=seconds))

    assert expected_statuses(sent, CHAIN) == expected


def test_ledger_entry_is_parsed() -> None:
    entry = {
        "content": "eyJoZWFkZXIiOnsiZmxvd0lkIjoiZi0xIn19",
        "xactionId": "x-1",
        "headers": {"x-adobe-flow-id": "f-1"},
        "authenticated": True,
    }

    assert Message.from_ledger(entry).header_flow_id == "f-1"
