"""One run at a time changes a chain; the lease of a failed run expires."""

from dataclasses import dataclass, field

import pytest

from bridge.errors import AdobeError, UnavailableError
from bridge.provisioning.chain.journal_entry import CLOSED
from bridge.provisioning.journal import LEASE
from tests.support.connection_journals import NAME, OWNER, journals, no_time, refuse_flows, step
from tests.support.declarations import RETURNS_DATASET, connection, flow
from tests.support.parameter_fakes import FakeVersions
from tests.support.provisioning_bench import Bench


def test_each_step_is_recorded_before_it_is_executed(bench: Bench) -> None:
    seen: list[str] = []
    bench.adobe.on_call = lambda call: (
        seen.append(f"{call}: {step(bench)}")
        if call.split()[0] in ("POST", "PATCH", "DELETE")
        else None
    )
    bench.apply(connection(), OWNER)
    bench.apply(connection(flow(dataset=RETURNS_DATASET)), OWNER)
    bench.provisioner().connections.removal.destroy("orders", OWNER)

    assert seen == [
        "POST connections: create connections",
        "POST sourceConnections: create sourceConnections orders",
        "POST targetConnections: create targetConnections orders",
        "POST flows: create flows orders",
        "POST targetConnections: replace targetConnections orders",
        "POST flows: replace flows orders",
        "DELETE flows: clean up",
        "DELETE targetConnections: clean up",
        *["DELETE flows: destroy", "DELETE sourceConnections: destroy"],
        *["DELETE targetConnections: destroy", "DELETE connections: destroy"],
    ]
    assert NAME not in bench.values


def test_unchanged_chain_is_not_locked(bench: Bench) -> None:
    bench.apply(connection(), OWNER)
    with journals(bench, "another connection's").hold("other"):
        bench.set_cut()
        bench.apply(connection(), OWNER)

    assert not [call for call in bench.cut.calls if "overwrite" in call or "create" in call]


@dataclass
class Recreated(FakeVersions):
    """A store that fails when a name is created that was deleted, as SSM may for 30 seconds."""

    deleted: set[str] = field(default_factory=set)

    def create(self, name: str, value: str) -> bool:
        assert name not in self.deleted
        return super().create(name, value)

    def remove(self, name: str) -> None:
        self.deleted.add(name)
        super().remove(name)


def test_journal_is_not_deleted_between_two_runs(bench: Bench) -> None:
    bench.versions = Recreated(bench.parameters)
    bench.apply(connection(), OWNER)
    bench.adobe.on_call = refuse_flows
    with pytest.raises(AdobeError):
        bench.apply(connection(flow(dataset=RETURNS_DATASET)), OWNER)
    bench.adobe.on_call = lambda call: None
    bench.apply(connection(), OWNER)

    assert step(bench) == CLOSED
    assert bench.provisioner().connections.records.read("orders").is_usable()
    assert "journal" not in bench.provisioner().connections.status("orders")["parameters"]


def test_run_that_changed_nothing_leaves_no_journal_of_a_new_connection(bench: Bench) -> None:
    with pytest.raises(UnavailableError), journals(bench, "a").hold("orders"):
        no_time()
    assert NAME not in bench.values


def test_run_that_changed_nothing_leaves_a_closed_journal(bench: Bench) -> None:
    bench.apply(connection(), OWNER)
    with pytest.raises(UnavailableError), journals(bench, "a").hold("orders"):
        no_time()
    assert step(bench) == CLOSED


def test_completed_run_leaves_the_journal_of_a_run_that_took_over(bench: Bench) -> None:
    with journals(bench, "slow").hold("orders"):
        bench.clock.advance(LEASE.total_seconds())
        following = journals(bench, "next").hold("orders").__enter__()
        following.write("create connections")

    assert step(bench) == "create connections"
