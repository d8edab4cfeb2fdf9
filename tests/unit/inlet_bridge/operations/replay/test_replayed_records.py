"""What a replay does by the record of a delivery."""

from copy import replace
from datetime import timedelta

import pytest

from bridge.delivery.record import State, key_of
from inlet_bridge.operations.replay.outcomes import Outcome
from tests.support.replay_bench import BEGAN, ReplayBench, seen


@pytest.mark.parametrize(
    "state", [State.DEAD, State.FILTERED, State.SPLIT, State.FAILED, State.DELIVERED]
)
def test_settled_deliveries_are_sent_whatever_became_of_them(
    bench: ReplayBench, state: State
) -> None:
    bench.receive(1)
    [webhook] = bench.webhooks
    bench.records[key_of(webhook)] = seen(webhook, state)

    bench.finish(bench.run())
    bench.forward()

    assert bench.sent == {"id:d-0": 1}


def test_expired_and_missing_records_are_made_again(bench: ReplayBench) -> None:
    bench.receive(2)
    gone, expired = bench.webhooks
    del bench.records[key_of(gone)]
    bench.records[key_of(expired)] = seen(expired, State.BUFFERED, expires_at=BEGAN)

    bench.finish(bench.run())
    bench.forward()

    assert bench.sent == {"id:d-0": 1, "id:d-1": 1}


def test_claimed_delivery_is_sent_when_its_claim_has_expired(bench: ReplayBench) -> None:
    bench.receive(2)
    for each, seconds in zip(bench.webhooks, (-1, 1), strict=True):
        until = bench.clock() + timedelta(seconds=seconds)
        bench.records[key_of(each)] = seen(each, State.CLAIMED, claimed_until=until)

    process = bench.finish(bench.run())

    assert process.tally.outcomes == {Outcome.SENT: 1, Outcome.CLAIMED: 1}
    assert [each.key for each in bench.queue] == ["id:d-0"]


def test_of_several_receipts_of_a_webhook_the_accepted_one_is_sent(bench: ReplayBench) -> None:
    bench.receive(1)
    [first] = bench.webhooks
    again = replace(first, received_at=first.received_at + timedelta(minutes=1))
    bench.webhooks.append(again)
    bench.records[key_of(again)] = seen(again, State.DELIVERED)

    process = bench.finish(bench.run())

    assert process.tally.outcomes[Outcome.SENT] == 1
    assert [each.received_at for each in bench.queue] == [again.received_at]


def test_record_that_changes_while_it_is_opened_is_read_again(bench: ReplayBench) -> None:
    bench.receive(1)
    [webhook] = bench.webhooks
    process = bench.replay(bench.run())

    def deliver(step: str) -> None:
        if step == "before reopen":
            bench.records[key_of(webhook)] = seen(
                webhook, State.DELIVERED, delivered_at=bench.clock()
            )

    bench.kill = deliver
    for _ in process.steps():
        pass

    assert process.tally.outcomes == {Outcome.DONE: 1}
    assert bench.queue == []
