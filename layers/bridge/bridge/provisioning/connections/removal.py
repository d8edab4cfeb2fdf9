"""Delete whole chains and replaced generations."""

from collections.abc import Callable
from dataclasses import dataclass

from bridge.names import ChainLocation, Slot
from bridge.ports.process import Sleep
from bridge.provisioning.chain.plan import Step, deletion_order
from bridge.provisioning.chain.record import CLEAN_UP, ChainRecord, replaced_parameter
from bridge.provisioning.connections.builder import Builder
from bridge.provisioning.connections.journal import Journals
from bridge.provisioning.connections.observation import Observer
from bridge.provisioning.connections.records import Records
from bridge.provisioning.connections.sandbox import SandboxCheck
from bridge.provisioning.ownership import require_owner
from bridge.provisioning.sources.documents import SOURCE_DOCUMENT_TTL, Documents

_DESTROYING = "destroy"


@dataclass(frozen=True, slots=True)
class Removal:
    """Deletes objects at Adobe, then their records in SSM.

    Attributes:
        delete_token: deletes the token that the functions share.
    """

    records: Records
    documents: Documents
    journals: Journals
    observer: Observer
    builder: Builder
    sandbox_check: SandboxCheck
    delete_token: Callable[[], None]
    sleep: Sleep

    def destroy(self, name: str, owner: str) -> tuple[Step, ...]:
        """Delete the chain and its parameters, if they exist.

        Raises:
            InvalidPropertyError: the name has another owner.
            AdobeError, UnavailableError: another call continues from the record.
        """
        before = self.records.read(name)
        steps = self._destroy(name, before, owner) if before.values else ()
        self.delete_token_if_unused()
        return steps

    def delete_token_if_unused(self) -> None:
        """Delete the shared token if no connection is left."""
        if not self.records.names():
            self.delete_token()

    def _destroy(self, name: str, before: ChainRecord, owner: str) -> tuple[Step, ...]:
        require_owner(before.owner, owner)
        location = self.sandbox_check.location_of(name, before)
        with self.journals.hold(name) as journal:
            before = self.records.read(name)
            require_owner(before.owner, owner)
            # Without an owner, nothing was created yet.
            steps = self._all_deletions(name, before, location) if before.owner else ()
            record = self.records.open(name, before)
            journal.write(_DESTROYING)
            self.builder.delete(steps, record, journal, _DESTROYING)
            record.erase()
            journal.delete()
        return steps

    def delete_retired(self, name: str, generation: str) -> bool:
        """Delete the objects of a replaced generation; False if there are none.

        Raises:
            AdobeError, UnavailableError: another call continues from the record.
        """
        with self.journals.hold(name) as journal:
            before = self.records.read(name)
            in_use = set(before.created_ids().values())
            steps = deletion_order(
                Step("delete", Slot(each.kind), each.object_id, "it was replaced")
                for each in before.retired()
                if each.generation == generation
            )
            if steps and self.documents.of_connection(name):
                journal.write(CLEAN_UP)
                self.sleep(SOURCE_DOCUMENT_TTL)
            record = self.records.open(name, before)
            self.builder.delete(steps, record, journal, CLEAN_UP, in_use)
            record.remove([replaced_parameter(generation)])
        return bool(steps)

    def _all_deletions(
        self, name: str, record: ChainRecord, location: ChainLocation
    ) -> tuple[Step, ...]:
        recorded = [
            *record.created_ids().items(),
            *((Slot(each.kind), each.object_id) for each in record.retired()),
        ]
        found = self.observer.find_all(name, location, record)
        unrecorded = [(slot, item["id"]) for slot, items in found.items() for item in items]
        steps = [Step("delete", slot, object_id, "it is recorded") for slot, object_id in recorded]
        steps += [
            Step("delete", slot, object_id, "the bridge created it")
            for slot, object_id in unrecorded
        ]
        return deletion_order(steps)
