"""Everything that the emulated Adobe knows at one moment."""

from datetime import timedelta
from threading import RLock

from adobe_emulator.clock import Clock
from adobe_emulator.datasets import Datasets
from adobe_emulator.faults import FaultPlan
from adobe_emulator.identifiers import Identifiers
from adobe_emulator.ims import Ims
from adobe_emulator.ledger import Ledger
from adobe_emulator.mapping_sets import MappingSets
from adobe_emulator.resources import Resources
from adobe_emulator.settings import Behaviour, Tenant


class Adobe:
    """The state behind the services, for them to serve and for tests to look into.

    Attributes:
        url: where the services listen, without a slash at the end.
        lock: held while a request is worked on. Reading the ledger, the fault plan or the
            resources from another thread needs no lock: they give snapshots.
    """

    def __init__(
        self, url: str, tenant: Tenant, behavior: Behaviour, clock: Clock, seed: int
    ) -> None:
        self.url = url
        self.tenant = tenant
        self.behavior = behavior
        self.clock = clock
        self.lock = RLock()
        self.faults = FaultPlan()
        self._seed = seed
        self._begin()

    def _begin(self) -> None:
        self.identifiers = Identifiers(self._seed)
        self.ims = Ims(self.tenant, self.behavior, self.clock, self.identifiers)
        self.resources = Resources()
        self.datasets = Datasets(self.tenant, self.clock, self.identifiers)
        self.mapping_sets = MappingSets(self.tenant, self.clock, self.identifiers)
        self.ledger = Ledger()
        self.sandbox_id = self.identifiers.uuid()

    def reset(self) -> None:
        """Forget everything but the time: objects, tokens, ledger and faults."""
        with self.lock:
            self._seed += 1  # Ids of a former life must not come back to life.
            self.faults.clear()
            self._begin()

    def settle(self) -> None:
        """Move time forward until every flow that stands now has settled."""
        with self.lock:
            self.clock.advance(self.behavior.settle)

    def is_settling(self, changed_ms: int) -> bool:
        """Whether what changed then still loses what it is sent."""
        return timedelta(milliseconds=self.clock.milliseconds() - changed_ms) < (
            self.behavior.settle
        )
