"""The state of the emulated Adobe."""

from datetime import timedelta
from threading import RLock

from adobe_emulator.clock import Clock
from adobe_emulator.datasets import Datasets
from adobe_emulator.faults import FaultPlan
from adobe_emulator.identifiers import Identifiers
from adobe_emulator.ims import Ims
from adobe_emulator.lake import Lake
from adobe_emulator.ledger import Ledger
from adobe_emulator.mandatory_fields import MandatoryFields
from adobe_emulator.mapping_sets import MappingSets
from adobe_emulator.resources import Resources
from adobe_emulator.schema_library import SchemaLibrary
from adobe_emulator.settings import Behavior, Tenant, schemas_of


class Adobe:
    """The state that the services share and that tests inspect.

    Attributes:
        url: base URL of the services, without a trailing slash.
        user_agents: of all requests, each with the path of its endpoint.
        schemas: of the Schema Registry, by `$id`; the tenant's until they are deleted or changed.
        library: what the tenant created in the Schema Registry.
        mandatory_fields: adds those of primary identities to schemas.
        sync_validations: when each inlet was asked for one, in milliseconds since 1970.
        lock: held while a request is processed. The ledger, the fault plan and the resources
            return snapshots, so other threads read them without it.
    """

    def __init__(
        self, url: str, tenant: Tenant, behavior: Behavior, clock: Clock, seed: int
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
        self.schemas = schemas_of(self.tenant)
        self.lake = Lake(self.behavior, self.clock, self.identifiers)
        self.datasets: Datasets
        self.library = SchemaLibrary(
            self.tenant, self.schemas, self._has_dataset, self.clock, self.identifiers
        )
        self.mandatory_fields = MandatoryFields(self.library)
        self.datasets = Datasets(self.tenant, self.library, self.lake, self.clock, self.identifiers)
        self.mapping_sets = MappingSets(self.schemas, self.clock, self.identifiers)
        self.ledger = Ledger()
        self.sync_validations: dict[str, list[int]] = {}
        self.user_agents: set[tuple[str, str]] = set()
        self.sandbox_id = self.identifiers.uuid()

    def _has_dataset(self, schema_id: str) -> bool:
        return self.datasets.have(schema_id)

    def reset(self) -> None:
        """Delete objects, tokens, messages and faults; keep the time."""
        with self.lock:
            self._seed += 1  # Ids from before the reset must not occur again.
            self.faults.clear()
            self._begin()

    def settle(self) -> None:
        """Move time forward until all flows have settled."""
        with self.lock:
            self.clock.advance(self.behavior.settle)

    def is_settling(self, changed_ms: int) -> bool:
        """Whether an object that changed then still loses messages."""
        return timedelta(milliseconds=self.clock.milliseconds() - changed_ms) < (
            self.behavior.settle
        )
