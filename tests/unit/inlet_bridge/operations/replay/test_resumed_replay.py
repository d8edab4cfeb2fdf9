"""A replay that is killed at any step continues where it was."""

from collections import Counter
from copy import replace
from datetime import timedelta

import pytest

from inlet_bridge.operations.replay.outcomes import Outcome
from tests.support.replay_bench import BEGAN, KilledError, ReplayBench

STEPS = ("before reopen", "after reopen", "before put", "after put")


def killed_at(bench: ReplayBench, step: str, time: int) -> None:
    """End the process at a step, the so-many-th time."""
    left = iter(range(time))

    def kill(name: str) -> None:
        if name == step and next(left, None) is None:
            raise KilledError

    bench.kill = kill


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("time", [0, 1, 5])
@pytest.mark.parametrize("forwarded", [True, False])
def test_killed_and_resumed_replay_sends_each_delivery_once(
    bench: ReplayBench, step: str, time: int, *, forwarded: bool
) -> None:
    bench.receive(60)
    run = bench.run(rate=100)
    killed_at(bench, step, time)
    with pytest.raises(KilledError):
        bench.finish(run)
    if forwarded:
        bench.forward()

    bench.kill = lambda _: None
    saved = bench.files.load(run.run_id)
    assert saved
    bench.finish(saved)
    bench.forward()

    assert bench.sent == Counter({f"id:d-{number}": 1 for number in range(60)})


@pytest.mark.parametrize("step", STEPS)
def test_killed_replay_is_resumed_without_its_file(bench: ReplayBench, step: str) -> None:
    """On another machine: from the start, with the same ID."""
    bench.receive(50)
    run = bench.run(rate=100)
    killed_at(bench, step, 2)
    with pytest.raises(KilledError):
        bench.finish(run)
    bench.forward()

    bench.kill = lambda _: None
    process = bench.finish(replace(bench.run(rate=100), run_id=run.run_id))
    bench.forward()

    assert bench.sent == Counter({f"id:d-{number}": 1 for number in range(50)})
    assert process.tally.outcomes[Outcome.DONE] >= 20 - 10


def test_file_has_no_more_than_the_last_second_to_look_at_again(bench: ReplayBench) -> None:
    bench.receive(100)
    run = bench.run(rate=10)
    steps = bench.replay(run).steps()
    for _ in range(60):
        next(steps)

    saved = bench.files.load(run.run_id)

    assert saved
    assert saved.position
    assert saved.position[0] >= BEGAN + timedelta(seconds=49)
    assert saved.tally.outcomes[Outcome.SENT] >= 49


def test_resumed_replay_does_not_start_over(bench: ReplayBench) -> None:
    bench.receive(100)
    run = bench.run(rate=100)
    killed_at(bench, "before put", 8)
    with pytest.raises(KilledError):
        bench.finish(run)
    bench.kill = lambda _: None
    saved = bench.files.load(run.run_id)
    assert saved

    process = bench.finish(saved)

    assert process.tally.webhooks == 100
    assert process.tally.outcomes == {Outcome.SENT: 100}
