"""Taking chains down, whole or what of them was replaced."""

from collections.abc import Callable
from dataclasses import dataclass

from bridge.names import ChainLocation, Slot
from bridge.ports.process import Sleep
from bridge.provisioning.chain.plan import Step, deletion_order
from bridge.provisioning.chain.record import CLEANING, ChainRecord, replaced_parameter
from bridge.provisioning.connections.builder import Builder
from bridge.provisioning.connections.journal import Journals
from bridge.provisioning.connections.observation import Observer
from bridge.provisioning.connections.records import Records
from bridge.provisioning.connections.sandbox import SandboxCheck
from bridge.provisioning.ownership import require_free
from bridge.provisioning.sources.documents import SOURCE_DOCUMENT_TTL, Documents

_DESTROYING = "destroy"


@dataclass(frozen=True, slots=True)
class Removal:
    """Deletes at Adobe, then in SSM.

    Attributes:
        forget_token: deletes the token that the functions share.
    """

    records: Records
    documents: Documents
    journals: Journals
    observer: Observer
    builder: Builder
    sandbox_check: SandboxCheck
    forget_token: Callable[[], None]
    sleep: Sleep

    def destroy(self, name: str, owner: str) -> tuple[Step, ...]:
        """Delete the chain and its parameters; what does not exist is fine.

        Raises:
            InvalidPropertyError: somebody else holds the name.
            AdobeError, UnavailableError: destroying again goes on where this stopped.
        """
        before = self.records.read(name)
        steps = self._destroy(name, before, owner) if before.values else ()
        self.forget_token_of_none()
        return steps

    def forget_token_of_none(self) -> None:
        """Delete the shared token when there is no connection left that it could serve."""
        if not self.records.names():
            self.forget_token()

    def _destroy(self, name: str, before: ChainRecord, owner: str) -> tuple[Step, ...]:
        require_free(before.owner, owner)
        place = self.sandbox_check.place_of(name, before)
        with self.journals.opened(name) as journal:
            before = self.records.read(name)
            require_free(before.owner, owner)
            # Without an owner nothing was made yet.
            steps = self._everything(name, before, place) if before.owner else ()
            record = self.records.open(name, before)
            journal.write(_DESTROYING)
            self.builder.take_down(steps, record, journal, _DESTROYING)
            record.erase()
        return steps

    def release_former(self, name: str, generation: str) -> bool:
        """Delete what is left of a generation that was replaced; False if there is nothing.

        Raises:
            AdobeError, UnavailableError: releasing again goes on where this stopped.
        """
        with self.journals.opened(name) as journal:
            before = self.records.read(name)
            in_use = set(before.ours().values())
            steps = deletion_order(
                Step("delete", Slot(each.kind), each.object_id, "it was replaced")
                for each in before.former()
                if each.generation == generation
            )
            if steps and self.documents.of_connection(name):
                journal.write(CLEANING)
                self.sleep(SOURCE_DOCUMENT_TTL)
            record = self.records.open(name, before)
            self.builder.take_down(steps, record, journal, CLEANING, in_use)
            record.remove([replaced_parameter(generation)])
        return bool(steps)

    def _everything(self, name: str, record: ChainRecord, place: ChainLocation) -> tuple[Step, ...]:
        recorded = [
            *record.ours().items(),
            *((Slot(each.kind), each.object_id) for each in record.former()),
        ]
        found = self.observer.everything(name, place, record)
        unrecorded = [(slot, item["id"]) for slot, items in found.items() for item in items]
        return deletion_order(
            [
                *(
                    Step("delete", slot, object_id, "it is recorded")
                    for slot, object_id in recorded
                ),
                *(
                    Step("delete", slot, object_id, "it has the name")
                    for slot, object_id in unrecorded
                ),
            ]
        )
