"""Tests of replays with everything around them in memory, and time that only they move."""

from collections import Counter
from copy import replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from bridge.delivery.record import State, key_of
from bridge.sources.route import DROP, Route, RouteTarget
from inlet_bridge.operations.replay.outcomes import Outcome
from tests.support.replay_world import BEGAN, KilledError, World, seen

STEPS = ("before reopen", "after reopen", "before put", "after put")


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def killed_at(world: World, step: str, time: int) -> None:
    """End the process at a step, the so-many-th time."""
    left = iter(range(time))

    def kill(name: str) -> None:
        if name == step and next(left, None) is None:
            raise KilledError

    world.kill = kill


def test_ten_thousand_deliveries_of_a_time_are_sent_once_at_the_given_rate(world: World) -> None:
    world.receive(10_200)
    since, until = BEGAN + timedelta(seconds=100), BEGAN + timedelta(seconds=10_099)

    process = world.finish(world.run(rate=500, since=since, until=until))
    world.forward()

    assert world.sent == Counter({f"id:d-{number}": 1 for number in range(100, 10_100)})
    assert process.tally.outcomes == {Outcome.SENT: 10_000}
    # A burst is a tenth of a second's worth.
    assert world.put_at[-1] == pytest.approx(10_000 / 500 - 0.1)
    for second in range(20):
        assert sum(second <= at < second + 1 for at in world.put_at) <= 500 + 50
    assert list(world.folder.iterdir()) == []


@pytest.mark.parametrize("rate", [0.5, 3.0, 25.0, 70.0])
def test_rate_is_kept_exactly(world: World, rate: float) -> None:
    world.receive(40)

    world.finish(world.run(rate=rate))

    burst = max(1, int(rate / 10))
    sends = sorted(set(world.put_at))
    assert all(b - a == pytest.approx(burst / rate) for a, b in pairwise(sends))


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("time", [0, 1, 5])
@pytest.mark.parametrize("forwarded", [True, False])
def test_killed_and_resumed_replay_sends_each_delivery_once(
    world: World, step: str, time: int, *, forwarded: bool
) -> None:
    world.receive(60)
    run = world.run(rate=100)
    killed_at(world, step, time)
    with pytest.raises(KilledError):
        world.finish(run)
    if forwarded:
        world.forward()

    world.kill = lambda _: None
    saved = world.files.load(run.run_id)
    assert saved
    world.finish(saved)
    world.forward()

    assert world.sent == Counter({f"id:d-{number}": 1 for number in range(60)})


@pytest.mark.parametrize("step", STEPS)
def test_killed_replay_is_resumed_without_its_file(world: World, step: str) -> None:
    """On another machine: from the start, with the same ID."""
    world.receive(50)
    run = world.run(rate=100)
    killed_at(world, step, 2)
    with pytest.raises(KilledError):
        world.finish(run)
    world.forward()

    world.kill = lambda _: None
    process = world.finish(replace(world.run(rate=100), run_id=run.run_id))
    world.forward()

    assert world.sent == Counter({f"id:d-{number}": 1 for number in range(50)})
    assert process.tally.outcomes[Outcome.DONE] >= 20 - 10


def test_file_has_no_more_than_the_last_second_to_look_at_again(world: World) -> None:
    world.receive(100)
    run = world.run(rate=10)
    steps = world.replay(run).steps()
    for _ in range(60):
        next(steps)

    saved = world.files.load(run.run_id)

    assert saved
    assert saved.position
    assert saved.position[0] >= BEGAN + timedelta(seconds=49)
    assert saved.tally.outcomes[Outcome.SENT] >= 49


def test_resumed_replay_does_not_start_over(world: World) -> None:
    world.receive(100)
    run = world.run(rate=100)
    killed_at(world, "before put", 8)
    with pytest.raises(KilledError):
        world.finish(run)
    world.kill = lambda _: None
    saved = world.files.load(run.run_id)
    assert saved

    process = world.finish(saved)

    assert process.tally.webhooks == 100
    assert process.tally.outcomes == {Outcome.SENT: 100}


@pytest.mark.parametrize("forwarded", [True, False])
def test_two_replays_at_once_send_each_delivery_once(world: World, *, forwarded: bool) -> None:
    world.receive(60)
    first, second = (world.replay(world.run(rate=100)).steps() for _ in range(2))
    for _ in range(7):
        next(first, None)
        next(second, None)
        if forwarded:
            world.forward()
    world.forward()

    assert world.sent == Counter({f"id:d-{number}": 1 for number in range(60)})


def test_later_replay_sends_again(world: World) -> None:
    world.receive(3)
    for _ in range(2):
        world.clock.sleep(1)
        world.finish(world.run())
        world.forward()

    assert set(world.sent.values()) == {2}


def test_delivery_that_waits_is_not_sent_twice(world: World) -> None:
    """Its own message reserves no attempt, so a second message could be sent at the same time."""
    world.receive(2)
    waits = world.webhooks[0]
    world.records[key_of(waits)] = seen(waits, State.BUFFERED)

    process = world.finish(world.run())

    assert process.tally.outcomes == {Outcome.SENT: 1, Outcome.WAITING: 1}
    assert [each.key for each in world.queue] == ["id:d-1"]


def test_delivery_that_was_delivered_since_the_replay_began_is_not_sent(world: World) -> None:
    world.receive(2)
    run = world.run()
    sent = world.webhooks[1]
    world.records[key_of(sent)] = seen(sent, State.DELIVERED, delivered_at=world.clock())

    process = world.finish(run)

    assert process.tally.outcomes == {Outcome.SENT: 1, Outcome.DONE: 1}
    assert not process.tally.failed


def test_stale_message_is_sent_in_place_of_the_replay_and_recorded_as_such(world: World) -> None:
    world.receive(1)
    run = world.run()
    world.finish(run)
    stale = replace(world.queue[0], replay="", sends=1)
    world.queue.insert(0, stale)
    world.forward()

    world.finish(replace(world.run(), run_id=run.run_id))
    world.forward()

    assert world.sent == {"id:d-0": 1}


@pytest.mark.parametrize(
    "state", [State.DEAD, State.FILTERED, State.SPLIT, State.FAILED, State.DELIVERED]
)
def test_settled_deliveries_are_sent_whatever_became_of_them(world: World, state: State) -> None:
    world.receive(1)
    [webhook] = world.webhooks
    world.records[key_of(webhook)] = seen(webhook, state)

    world.finish(world.run())
    world.forward()

    assert world.sent == {"id:d-0": 1}


def test_expired_and_missing_records_are_made_again(world: World) -> None:
    world.receive(2)
    gone, expired = world.webhooks
    del world.records[key_of(gone)]
    world.records[key_of(expired)] = seen(expired, State.BUFFERED, expires_at=BEGAN)

    world.finish(world.run())
    world.forward()

    assert world.sent == {"id:d-0": 1, "id:d-1": 1}


def test_claimed_delivery_is_sent_when_its_claim_has_expired(world: World) -> None:
    world.receive(2)
    for each, seconds in zip(world.webhooks, (-1, 1), strict=True):
        until = world.clock() + timedelta(seconds=seconds)
        world.records[key_of(each)] = seen(each, State.CLAIMED, claimed_until=until)

    process = world.finish(world.run())

    assert process.tally.outcomes == {Outcome.SENT: 1, Outcome.CLAIMED: 1}
    assert [each.key for each in world.queue] == ["id:d-0"]


def test_of_several_receipts_of_a_webhook_the_accepted_one_is_sent(world: World) -> None:
    world.receive(1)
    [first] = world.webhooks
    again = replace(first, received_at=first.received_at + timedelta(minutes=1))
    world.webhooks.append(again)
    world.records[key_of(again)] = seen(again, State.DELIVERED)

    process = world.finish(world.run())

    assert process.tally.outcomes[Outcome.SENT] == 1
    assert [each.received_at for each in world.queue] == [again.received_at]


def test_record_that_changes_while_it_is_opened_is_read_again(world: World) -> None:
    world.receive(1)
    [webhook] = world.webhooks
    process = world.replay(world.run())

    def deliver(step: str) -> None:
        if step == "before reopen":
            world.records[key_of(webhook)] = seen(
                webhook, State.DELIVERED, delivered_at=world.clock()
            )

    world.kill = deliver
    for _ in process.steps():
        pass

    assert process.tally.outcomes == {Outcome.DONE: 1}
    assert world.queue == []


def test_routes_of_today_apply_and_split_parts_are_sent_one_by_one(world: World) -> None:
    targets = (RouteTarget("events"), RouteTarget("orders"))
    flows = {"events": world.source.flows["events"], "orders": world.source.flows["events"]}
    world.source = replace(
        world.source,
        routes=(Route(targets, when="body.n == `0`"), Route((RouteTarget("events"),), "body.n")),
        otherwise=DROP,
        flows=flows,
        split="body.items",
    )
    world.receive(1)
    body = b'{"items": [{"n": 0}, {"n": 1}, {"n": false}]}'
    world.webhooks = [replace(world.webhooks[0], body=body)]

    process = world.finish(world.run())

    assert [(each.flow, each.key) for each in world.queue] == [
        ("events", "target:events/part:0/id:d-0"),
        ("orders", "target:orders/part:0/id:d-0"),
        ("events", "part:1/id:d-0"),
    ]
    assert {each.kept for each in world.queue} == {"id:d-0"}
    assert process.tally.outcomes == {Outcome.SENT: 3, Outcome.FILTERED: 1}
    assert not process.tally.failed


def test_what_cannot_be_sent_is_counted_with_its_reason(world: World) -> None:
    world.source = replace(
        world.source, routes=(Route((RouteTarget("events", '{"n": "number(body.n)"}'),), "body.n"),)
    )
    world.receive(4)
    for number, body in enumerate((b'{"n": "1"}', b'{"n": "x"}', b'{"n": 1', b"{}")):
        world.webhooks[number] = replace(world.webhooks[number], body=body)

    process = world.finish(world.run())

    assert process.tally.outcomes == {
        Outcome.SENT: 1,
        Outcome.UNMAPPED: 1,
        Outcome.UNREADABLE: 1,
        Outcome.NO_ROUTE: 1,
    }
    assert process.tally.failed == 3
    assert len(process.tally.reasons) == 2
    assert "x" not in "".join(process.tally.reasons).split()


def test_dry_run_changes_nothing(world: World) -> None:
    world.receive(20)
    waits = world.webhooks[0]
    world.records[key_of(waits)] = seen(waits, State.BUFFERED)
    before = dict(world.records)
    process = world.replay(world.run(), dry_run=True)

    for _ in process.steps():
        pass

    assert process.tally.outcomes == {Outcome.SENT: 19, Outcome.WAITING: 1}
    assert (world.records, world.queue, world.clock.seconds) == (before, [], 0.0)
    assert list(world.folder.iterdir()) == []


def test_message_restarts_its_retry_period_and_keeps_its_identity(world: World) -> None:
    world.receive(1)
    run = world.run()

    world.finish(run)

    [message], [webhook] = world.queue, world.webhooks
    assert message == replace(
        webhook,
        flow="events",
        kept=webhook.key,
        replay=run.run_id,
        buffered_at=world.clock(),
        sends=1,
    )
