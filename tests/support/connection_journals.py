"""Steps and journals of a connection."""

from bridge.errors import AdobeError, UnavailableError
from bridge.provisioning.chain.journal_entry import JournalEntry
from bridge.provisioning.journal import Journals
from tests.support.declarations import STACK
from tests.support.provisioning_bench import Bench

OWNER = f"{STACK}/OrdersConnection"
NAME = "/inlet-bridge/test/connections/orders/journal"


def step(bench: Bench) -> str:
    """The next step in the journal."""
    return JournalEntry.from_text(bench.values[NAME]).step


def journals(bench: Bench, run: str) -> Journals:
    return Journals(bench.versions, "test", bench.clock, bench.clock.advance, lambda: run)


def refuse_flows(call: str) -> None:
    if call == "POST flows":
        raise AdobeError("no", status=400, retryable=False)


def no_time() -> None:
    raise UnavailableError("no time")
