"""Delete the webhooks of a source at their vendors."""

from dataclasses import dataclass, replace
from http import HTTPStatus

from bridge.errors import VendorError
from bridge.ports.vendors import VendorApi
from bridge.provisioning.subscriptions.addresses import Addresses
from bridge.provisioning.subscriptions.api import Access
from bridge.provisioning.subscriptions.observation import ours
from bridge.provisioning.subscriptions.record import Registered, SubscriptionRecord
from bridge.provisioning.subscriptions.stored import StoredSubscriptions
from bridge.telemetry import logger


@dataclass(frozen=True, slots=True)
class HookRemoval:
    """Deletes webhooks: all of a source, or those at its former places."""

    stored: StoredSubscriptions
    api: VendorApi
    addresses: Addresses

    def remove_all(self, name: str) -> list[str]:
        """Delete all webhooks of a source; return what stays at a vendor, as sentences.

        Raises:
            VendorError, UnavailableError: another call continues.
        """
        record = self.stored.record(name)
        notes: list[str] = []
        if record.current:
            try:
                self._remove_at(name, record.current)
            except VendorError as exc:
                # A repository or a project that is gone has no webhooks; an account always exists.
                if exc.status != HTTPStatus.NOT_FOUND or not record.current.target:
                    raise
                notes.append(f"no webhook was deleted: {exc.reason}")
        return notes + self._without_former(name, record)[1]

    def remove_former(self, name: str, record: SubscriptionRecord) -> None:
        """Delete the webhooks at former places; what cannot be deleted stays in the record.

        Raises as `remove_all`.
        """
        left, _ = self._without_former(name, record)
        if left != record:
            self.stored.write(name, left)

    def _without_former(
        self, name: str, record: SubscriptionRecord
    ) -> tuple[SubscriptionRecord, list[str]]:
        notes: list[str] = []
        left: list[Registered] = []
        for place in record.former:
            if _is_same(place, record.current):
                continue
            try:
                self._remove_at(name, place, keep=record.current)
            except VendorError as exc:
                if exc.retryable:
                    raise
                notes.append(f"a former webhook may still exist: {exc.reason}")
                logger.warning("not deleted", extra={"target": place.value, "reason": exc.reason})
                left.append(place)
        return replace(record, former=tuple(left)), notes

    def _remove_at(self, name: str, place: Registered, keep: Registered | None = None) -> None:
        access = Access(self.api, place, self.stored.credential_to_remove(place))
        for hook in ours(access.hooks(), place.id, self.addresses.mark(name)):
            if keep is None or hook.id != keep.id:
                access.delete(hook.id)


def _is_same(former: Registered, current: Registered | None) -> bool:
    """Whether a former place is the current one by its former name: a repository was renamed.

    Ids of webhooks are unique at a vendor.
    """
    return (
        current is not None
        and bool(current.id)
        and current.id == former.id
        and current.preset == former.preset
        and current.place != former.place
    )
