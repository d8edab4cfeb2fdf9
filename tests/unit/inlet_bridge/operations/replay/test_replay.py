"""Tests of replays with everything around them in memory, and time that only they move."""

from collections import Counter
from copy import replace
from datetime import timedelta
from itertools import pairwise

import pytest

from bridge.delivery.record import State, key_of
from bridge.sources.route import DROP, Route, RouteTarget
from inlet_bridge.operations.replay.outcomes import Outcome
from tests.support.replay_bench import BEGAN, ReplayBench, seen


def test_ten_thousand_deliveries_of_a_time_are_sent_once_at_the_given_rate(
    bench: ReplayBench,
) -> None:
    bench.receive(10_200)
    since, until = BEGAN + timedelta(seconds=100), BEGAN + timedelta(seconds=10_099)

    process = bench.finish(bench.run(rate=500, since=since, until=until))
    bench.forward()

    assert bench.sent == Counter({f"id:d-{number}": 1 for number in range(100, 10_100)})
    assert process.tally.outcomes == {Outcome.SENT: 10_000}
    # A burst is a tenth of a second's worth.
    assert bench.put_at[-1] == pytest.approx(10_000 / 500 - 0.1)
    for second in range(20):
        assert sum(second <= at < second + 1 for at in bench.put_at) <= 500 + 50
    assert list(bench.folder.iterdir()) == []


@pytest.mark.parametrize("rate", [0.5, 3.0, 25.0, 70.0])
def test_rate_is_kept_exactly(bench: ReplayBench, rate: float) -> None:
    bench.receive(40)

    bench.finish(bench.run(rate=rate))

    burst = max(1, int(rate / 10))
    sends = sorted(set(bench.put_at))
    assert all(b - a == pytest.approx(burst / rate) for a, b in pairwise(sends))


@pytest.mark.parametrize("forwarded", [True, False])
def test_two_replays_at_once_send_each_delivery_once(
    bench: ReplayBench, *, forwarded: bool
) -> None:
    bench.receive(60)
    first, second = (bench.replay(bench.run(rate=100)).steps() for _ in range(2))
    for _ in range(7):
        next(first, None)
        next(second, None)
        if forwarded:
            bench.forward()
    bench.forward()

    assert bench.sent == Counter({f"id:d-{number}": 1 for number in range(60)})


def test_later_replay_sends_again(bench: ReplayBench) -> None:
    bench.receive(3)
    for _ in range(2):
        bench.clock.sleep(1)
        bench.finish(bench.run())
        bench.forward()

    assert set(bench.sent.values()) == {2}


def test_delivery_that_waits_is_not_sent_twice(bench: ReplayBench) -> None:
    """Its own message reserves no attempt, so a second message could be sent at the same time."""
    bench.receive(2)
    waits = bench.webhooks[0]
    bench.records[key_of(waits)] = seen(waits, State.BUFFERED)

    process = bench.finish(bench.run())

    assert process.tally.outcomes == {Outcome.SENT: 1, Outcome.WAITING: 1}
    assert [each.key for each in bench.queue] == ["id:d-1"]


def test_delivery_that_was_delivered_since_the_replay_began_is_not_sent(bench: ReplayBench) -> None:
    bench.receive(2)
    run = bench.run()
    sent = bench.webhooks[1]
    bench.records[key_of(sent)] = seen(sent, State.DELIVERED, delivered_at=bench.clock())

    process = bench.finish(run)

    assert process.tally.outcomes == {Outcome.SENT: 1, Outcome.DONE: 1}
    assert not process.tally.failed


def test_stale_message_is_sent_in_place_of_the_replay_and_recorded_as_such(
    bench: ReplayBench,
) -> None:
    bench.receive(1)
    run = bench.run()
    bench.finish(run)
    stale = replace(bench.queue[0], replay="", sends=1)
    bench.queue.insert(0, stale)
    bench.forward()

    bench.finish(replace(bench.run(), run_id=run.run_id))
    bench.forward()

    assert bench.sent == {"id:d-0": 1}


def test_routes_of_today_apply_and_split_parts_are_sent_one_by_one(bench: ReplayBench) -> None:
    targets = (RouteTarget("events"), RouteTarget("orders"))
    flows = {"events": bench.source.flows["events"], "orders": bench.source.flows["events"]}
    bench.source = replace(
        bench.source,
        routes=(Route(targets, when="body.n == `0`"), Route((RouteTarget("events"),), "body.n")),
        otherwise=DROP,
        flows=flows,
        split="body.items",
    )
    bench.receive(1)
    body = b'{"items": [{"n": 0}, {"n": 1}, {"n": false}]}'
    bench.webhooks = [replace(bench.webhooks[0], body=body)]

    process = bench.finish(bench.run())

    assert [(each.flow, each.key) for each in bench.queue] == [
        ("events", "target:events/part:0/id:d-0"),
        ("orders", "target:orders/part:0/id:d-0"),
        ("events", "part:1/id:d-0"),
    ]
    assert {each.kept for each in bench.queue} == {"id:d-0"}
    assert process.tally.outcomes == {Outcome.SENT: 3, Outcome.FILTERED: 1}
    assert not process.tally.failed


def test_what_cannot_be_sent_is_counted_with_its_reason(bench: ReplayBench) -> None:
    bench.source = replace(
        bench.source, routes=(Route((RouteTarget("events", '{"n": "number(body.n)"}'),), "body.n"),)
    )
    bench.receive(4)
    for number, body in enumerate((b'{"n": "1"}', b'{"n": "x"}', b'{"n": 1', b"{}")):
        bench.webhooks[number] = replace(bench.webhooks[number], body=body)

    process = bench.finish(bench.run())

    assert process.tally.outcomes == {
        Outcome.SENT: 1,
        Outcome.UNMAPPED: 1,
        Outcome.UNREADABLE: 1,
        Outcome.NO_ROUTE: 1,
    }
    assert process.tally.failed == 3
    assert len(process.tally.reasons) == 2
    assert "x" not in "".join(process.tally.reasons).split()


def test_dry_run_changes_nothing(bench: ReplayBench) -> None:
    bench.receive(20)
    waits = bench.webhooks[0]
    bench.records[key_of(waits)] = seen(waits, State.BUFFERED)
    before = dict(bench.records)
    process = bench.replay(bench.run(), dry_run=True)

    for _ in process.steps():
        pass

    assert process.tally.outcomes == {Outcome.SENT: 19, Outcome.WAITING: 1}
    assert (bench.records, bench.queue, bench.clock.seconds) == (before, [], 0.0)
    assert list(bench.folder.iterdir()) == []


def test_message_restarts_its_retry_period_and_keeps_its_identity(bench: ReplayBench) -> None:
    bench.receive(1)
    run = bench.run()

    bench.finish(run)

    [message], [webhook] = bench.queue, bench.webhooks
    assert message == replace(
        webhook,
        flow="events",
        kept=webhook.key,
        replay=run.run_id,
        buffered_at=bench.clock(),
        sends=1,
    )
