"""Delete whole chains and replaced generations."""

from collections.abc import Callable
from dataclasses import dataclass

from bridge.errors import AdobeError, BridgeError
from bridge.names import ChainLocation, Slot
from bridge.ports.process import Sleep
from bridge.provisioning.chain.plan import Done, Kept, Step, deletion_order
from bridge.provisioning.chain.record import CLEAN_UP, ChainRecord, replaced_parameter
from bridge.provisioning.connections.builder import Builder
from bridge.provisioning.connections.observation import Observer
from bridge.provisioning.connections.remains import kept_sentence, not_created
from bridge.provisioning.connections.sandbox import SandboxCheck
from bridge.provisioning.journal import Journals
from bridge.provisioning.ownership import require_owner
from bridge.provisioning.records import Records
from bridge.provisioning.sources.documents import SOURCE_DOCUMENT_TTL, Documents

_DESTROYING = "destroy"


class FirstRunFailedError(Exception):
    """The first run of a connection failed; see `Removal.undo`."""

    def __init__(self, cause: AdobeError) -> None:
        super().__init__(str(cause))
        self.cause = cause


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

    def destroy(self, name: str, owner: str) -> tuple[Done, ...]:
        """Delete the chain and its parameters, if they exist; return what was done and kept.

        Raises:
            InvalidPropertyError: the name has another owner.
            AdobeError, UnavailableError: another call continues from the record.
        """
        before = self.records.read(name)
        steps = self._destroy(name, before, owner) if before.values else ()
        self.delete_token_if_unused()
        return steps

    def undo(self, cause: AdobeError, name: str, owner: str) -> AdobeError:
        """Delete what the first run of a connection created; the error to raise.

        If another run may succeed, everything stays for it, and if one has succeeded meanwhile.
        """
        record = self.records.read(name)
        ids = ", ".join(f"{slot.kind}/{each}" for slot, each in record.created_ids().items())
        stays = f"{ids} stays at Adobe for the next run" if ids else "nothing was created"
        if not cause.retryable and record.values:
            try:
                done = self._destroy(name, record, owner, only_incomplete=True)
                self.delete_token_if_unused()
            except BridgeError as exc:
                stays = f"{ids or 'what was created'} stays at Adobe, since {exc}"
            else:
                created = record.created_ids().values()
                kept = kept_sentence(
                    each for each in done if isinstance(each, Kept) and each.object_id in created
                )
                stays = "what was created before is deleted again"
                stays = f"{stays}, but {kept}" if kept else stays
                if self.records.read(name).values:
                    stays = "another run has completed the connection"
        return AdobeError(
            f"{cause}; {stays}",
            status=cause.status,
            retryable=cause.retryable,
            retry_after=cause.retry_after,
        )

    def delete_token_if_unused(self) -> None:
        """Delete the shared token if no connection is left."""
        if not self.records.names():
            self.delete_token()

    def _destroy(
        self, name: str, before: ChainRecord, owner: str, *, only_incomplete: bool = False
    ) -> tuple[Done, ...]:
        require_owner(before.owner, owner)
        location = self.sandbox_check.location_of(name, before)
        with self.journals.hold(name) as journal:
            before = self.records.read(name)
            require_owner(before.owner, owner)
            if only_incomplete and before.is_complete:
                return ()
            # Without an owner, nothing was created yet.
            steps = self._all_deletions(name, before, location) if before.owner else ()
            record = self.records.open(name, before)
            journal.write(_DESTROYING)
            done = tuple(self.builder.delete(steps, record, journal, _DESTROYING))
            record.erase()
            journal.delete()
        return (*done, *not_created(before))

    def delete_retired(self, name: str, generation: str) -> tuple[Done, ...]:
        """Delete the objects of a replaced generation; return what was done and kept.

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
            done = tuple(self.builder.delete(steps, record, journal, CLEAN_UP, in_use))
            record.remove([replaced_parameter(generation)])
        return done

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
