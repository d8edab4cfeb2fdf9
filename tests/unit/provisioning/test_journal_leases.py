"""Of concurrent runs on a connection one has the lease of the journal."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial

import pytest

from bridge.errors import AdobeError, UnavailableError
from bridge.provisioning.chain.journal_entry import CLOSED, JournalEntry
from bridge.provisioning.journal import LEASE, Heartbeat, Journals
from tests.support.connection_journals import NAME, OWNER, journals, no_time, refuse_flows, step
from tests.support.declarations import connection
from tests.support.fakes import NOON, FakeClock
from tests.support.interruptions import Cut, KilledError
from tests.support.parameter_fakes import FakeVersions
from tests.support.provisioning_bench import Bench


def test_run_waits_for_an_active_run(bench: Bench) -> None:
    with journals(bench, "a").hold("orders") as other:
        began = bench.clock()

        def end() -> None:
            if bench.clock() - began > timedelta(seconds=20) and step(bench) == "begin":
                other.close()

        bench.while_sleeping = end
        bench.apply(connection(), OWNER)

        assert bench.total() == 4
        assert sum(bench.slept) == 30


def test_run_without_time_to_wait_names_the_active_run(bench: Bench) -> None:
    def too_late() -> None:
        raise UnavailableError("the time does not suffice")

    bench.while_sleeping = too_late
    with journals(bench, "a").hold("orders") as other:
        other.write("create flows orders")

        with pytest.raises(UnavailableError) as caught:
            bench.apply(connection(), OWNER)
    assert str(caught.value) == (
        "another run is changing connection orders (it is about to create flows orders); "
        "apply again after 12:03:00 UTC"
    )
    assert bench.total() == 0


def test_expired_lease_is_taken_over(bench: Bench) -> None:
    bench.set_cut(12)
    with pytest.raises(KilledError):
        bench.apply(connection(), OWNER)
    bench.set_cut()

    bench.apply(connection(), OWNER)

    assert bench.clock() - NOON >= LEASE
    assert bench.total() == 4


def test_failed_run_releases_its_lease(bench: Bench) -> None:
    bench.adobe.on_call = refuse_flows
    with pytest.raises(AdobeError):
        bench.apply(connection(), OWNER)
    bench.adobe.on_call = lambda call: None
    bench.slept.clear()

    bench.apply(connection(), OWNER)

    assert bench.slept == []
    assert bench.total() == 4


@dataclass
class Late(FakeVersions):
    """A store whose first read returns an outdated value."""

    old: tuple[str, int] | None = None

    def read(self, name: str) -> tuple[str, int] | None:
        old, self.old = self.old, None
        return old or super().read(name)


def test_of_two_concurrent_takeovers_one_succeeds(bench: Bench) -> None:
    """Both read the old entry before either writes."""
    with journals(bench, "dead").hold("orders"):
        bench.clock.advance(LEASE.total_seconds())
        late = Late(bench.parameters, bench.versions.versions, bench.versions.read(NAME))
        loser = Journals(late, "test", bench.clock, lambda _: no_time(), lambda: "late")
        with journals(bench, "first").hold("orders") as winner:
            with pytest.raises(UnavailableError, match="another run"), loser.hold("orders"):
                pass
            winner.write("create connections")

    assert step(bench) == CLOSED


def test_run_that_lost_its_lease_makes_no_more_changes() -> None:
    clock = FakeClock()
    bench = Bench(clock=clock)
    with journals(bench, "slow").hold("orders") as slow:
        clock.advance(LEASE.total_seconds())
        with journals(bench, "next").hold("orders") as following:
            following.write("create connections")

            with pytest.raises(UnavailableError, match="taken this chain over"):
                slow.write("create connections")


@dataclass
class Meanwhile(Cut):
    """A store that starts another run before the n-th call."""

    other: Callable[[], object] = lambda: None

    def call[T](self, name: str, work: Callable[[], T]) -> T:
        self.calls.append(name)
        if len(self.calls) == self.at:
            self.other()
        return work()


def test_two_concurrent_runs_create_one_chain(bench: Bench) -> None:
    """The second run begins at each call of the first, and has no time to wait."""
    whole = bench.copy()
    whole.apply(connection(), OWNER)
    for at in range(1, len(whole.cut.calls) + 1):
        first = bench.copy()
        second = replace(first, while_sleeping=no_time, cut=Cut())
        second.versions = first.versions
        refused: list[str] = []
        first.cut = Meanwhile(at, other=partial(try_to_apply, second, refused))
        first.apply(connection(), OWNER)

        assert first.total() == 4
        assert first.provisioner().connections.drift("orders") == ()
        assert all("another run" in reason for reason in refused)


def try_to_apply(bench: Bench, refused: list[str]) -> None:
    try:
        bench.apply(connection(), OWNER)
    except UnavailableError as exc:
        refused.append(str(exc))


def test_heartbeat_renews_the_lease_during_a_long_wait(bench: Bench) -> None:
    heartbeat = Heartbeat()
    with replace(journals(bench, "slow"), heartbeat=heartbeat).hold("orders") as slow:
        slow.write("create connections")
        for _ in range(20):
            bench.clock.advance(30)
            heartbeat.beat()
        assert step(bench) == "create connections"
        assert JournalEntry.from_text(bench.values[NAME]).until > bench.clock()
    writes = bench.versions.versions[NAME]
    heartbeat.beat()

    assert bench.versions.versions[NAME] == writes < 20
