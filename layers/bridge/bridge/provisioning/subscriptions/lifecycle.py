"""Register, update and remove the webhook of a source at its vendor.

Each run lists the webhooks first, so that a lost response or a killed process leaves neither an
orphan nor a twin: the URL of a webhook bears a mark of its source. See the decision in
`docs/decisions/2026-11-29-subscriptions.md`.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from bridge.errors import InvalidPropertyError, VendorError
from bridge.ports.process import Persist
from bridge.provisioning.journal import Journals, OpenJournal
from bridge.provisioning.subscriptions.hook import Hook, differences
from bridge.provisioning.subscriptions.observation import ours
from bridge.provisioning.subscriptions.preparation import Preparation, Prepared
from bridge.provisioning.subscriptions.record import Registered
from bridge.provisioning.subscriptions.removal import HookRemoval
from bridge.provisioning.subscriptions.stored import StoredSubscriptions
from bridge.provisioning.subscriptions.vendors import BY_PRESET
from bridge.sources.source import Source
from bridge.telemetry import logger

_ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class Subscriptions:
    """The webhooks of all sources of one stage.

    Attributes:
        journals: of sources.
        persist: waits for further attempts of a deployment.
    """

    stored: StoredSubscriptions
    preparation: Preparation
    journals: Journals
    removal: HookRemoval
    persist: Persist

    def prepare(self, source: Source, wanted: Registered) -> Prepared:
        """Look at the vendor; change nothing. Raises as `Preparation.prepare`."""
        return self.preparation.prepare(source, wanted)

    def execute(self, prepared: Prepared, write: Callable[[], bool]) -> bool:
        """Do what was prepared; return what writing the source's document returned.

        The document is written before the webhook exists, so that its first request finds it.

        Raises:
            VendorError, UnavailableError: another call continues from the record.
        """
        if prepared.is_done:
            return write()
        name = prepared.source.name
        with self.journals.hold(name) as journal:
            if journal.is_takeover or self.stored.record(name) != prepared.before:
                prepared = self.prepare(prepared.source, prepared.access.place)
            return self._execute(prepared, write, journal)

    def _execute(self, prepared: Prepared, write: Callable[[], bool], journal: OpenJournal) -> bool:
        name, observed, record = prepared.source.name, prepared.observed, prepared.record
        wanted = prepared.access.place
        journal.write("register the webhook")
        if not observed.is_certain:
            record = record.settled("")
        if record != prepared.before:
            self.stored.write(name, record)
        secret = ""
        if BY_PRESET[wanted.preset].presets[wanted.preset].member:
            if observed.has_secret:
                secret = self.stored.secret(name)
            else:
                secret = self.stored.new_secret(name, wanted)
        written = write()
        for hook in observed.surplus:
            prepared.access.delete(hook.id)
        if observed.kept is None:
            hook_id = self._create(prepared, secret)
        else:
            hook_id = observed.kept.id
            if not observed.is_certain or observed.differences:
                updated = prepared.access.update(hook_id, prepared.url, secret)
                _require_accepted(prepared, updated)
        settled = record.settled(hook_id)
        if settled != record:
            self.stored.write(name, settled)
        if settled.former:
            journal.write("remove former webhooks")
            self.removal.remove_former(name, settled)
        return written

    def _create(self, prepared: Prepared, secret: str) -> str:
        """Create the webhook and keep its secret.

        After a response that was lost, the webhook may exist: it is deleted before another attempt.
        """
        name = prepared.source.name
        hook, handed_out = self._created(prepared, secret)
        _require_accepted(prepared, hook)
        if handed_out != secret:
            self.stored.keep_secret(name, handed_out)
        return hook.id

    def _created(self, prepared: Prepared, secret: str) -> tuple[Hook, str]:
        access, mark = prepared.access, self.preparation.addresses.mark(prepared.source.name)
        attempt = 0
        while True:
            attempt += 1
            try:
                return access.create(prepared.url, secret)
            except VendorError as exc:
                last = attempt >= _ATTEMPTS or not exc.retryable
                if last or not self.persist(attempt, exc.retry_after, exc):
                    raise
            for lost in ours(access.hooks(), "", mark):
                access.delete(lost.id)

    def unsubscribe(self, name: str) -> bool:
        """Remove the webhooks of a source that stays; False if there are none.

        Raises as `removed`.
        """
        if self.stored.record(name).is_empty:
            return False
        with self.journals.hold(name) as journal:
            journal.write("remove the webhook")
            for note in self.removal.remove_all(name):
                logger.warning("not deleted", extra={"source": name, "reason": note})
            self.stored.delete(name)
        return True

    @contextmanager
    def removed(self, name: str) -> Iterator[list[str]]:
        """Remove all webhooks of a source that the block deletes, with its journal.

        The value is what stays at a vendor, as sentences.

        Raises:
            VendorError, UnavailableError: another call continues.
        """
        if self.stored.record(name).is_empty:
            yield []
            return
        with self.journals.hold(name) as journal:
            journal.write("remove the webhook")
            notes = self.removal.remove_all(name)
            self.stored.delete(name)
            # Before the block: if its last call fails, the journal may be deleted already.
            journal.is_deleted = True
            yield notes

    def repair(self, source: Source) -> bool:
        """Register the recorded webhook again; False if there was nothing to do.

        Raises as `prepare` and `execute`.
        """
        current = self.stored.record(source.name).current
        if current is None:
            reason = f"{source.name} has no Subscription, and nothing else of a source is repaired"
            raise InvalidPropertyError("source", reason)
        prepared = self.prepare(source, current.with_id(""))
        self.execute(prepared, lambda: False)
        return not prepared.is_done


def _require_accepted(prepared: Prepared, hook: Hook) -> None:
    """Raise VendorError if the vendor ignores a part of the request."""
    wanted = prepared.access.place
    vendor = BY_PRESET[wanted.preset]
    ignored = differences(vendor, wanted, prepared.url, hook)
    if ignored:
        events = {vendor.events.member, *vendor.events.names}
        raise VendorError(
            "Subscription.Events" if set(ignored) <= events else "Subscription",
            f"{vendor.title} ignores {', '.join(ignored)}; see {vendor.events.documentation}",
        )
