"""Look what must be done for the webhook of a source; nothing is changed."""

from dataclasses import dataclass, replace

from bridge.errors import InvalidPropertyError, VendorError
from bridge.ports.vendors import VendorApi
from bridge.provisioning.subscriptions.addresses import Addresses
from bridge.provisioning.subscriptions.api import Access
from bridge.provisioning.subscriptions.hook import Hook
from bridge.provisioning.subscriptions.observation import Observation, observe, require_free
from bridge.provisioning.subscriptions.record import Registered, SubscriptionRecord
from bridge.provisioning.subscriptions.stored import StoredSubscriptions
from bridge.sources.source import Source


@dataclass(frozen=True, slots=True)
class Prepared:
    """What a run has to do; nothing is changed yet.

    Attributes:
        before: the record as it was read.
        record: with what is wanted.
    """

    source: Source
    url: str
    before: SubscriptionRecord
    record: SubscriptionRecord
    access: Access
    observed: Observation

    @property
    def is_done(self) -> bool:
        """Whether there is nothing to do."""
        return self.observed.is_as_wanted and self.before == self.record and not self.record.former


@dataclass(frozen=True, slots=True)
class Preparation:
    """Compares a source with its vendor."""

    stored: StoredSubscriptions
    api: VendorApi
    addresses: Addresses

    def prepare(self, source: Source, wanted: Registered) -> Prepared:
        """Look at the vendor; change nothing.

        Raises:
            InvalidPropertyError: the vendor would reject it.
            VendorError, UnavailableError: try again later.
        """
        url, token = self.addresses.of(source)
        before, mark = self.stored.record(source.name), self.addresses.mark(source.name)
        access = Access(self.api, wanted, self.stored.credential(wanted), (token,))
        try:
            hooks = access.hooks()
        except VendorError as exc:
            if exc.retryable:
                raise
            raise InvalidPropertyError(exc.path, exc.reason) from None
        record = _merged(before, wanted, hooks)
        current = record.current or wanted
        observed = observe(hooks, current, url, mark, self.stored.secret(source.name))
        if observed.kept is None and not observed.surplus:
            require_free(hooks, url, current)
        return Prepared(source, url, before, record, access, observed)


def _merged(
    before: SubscriptionRecord, wanted: Registered, hooks: list[Hook]
) -> SubscriptionRecord:
    """The record with what is wanted; another credential for the same webhook is no move."""
    current = before.current
    if (
        current
        and current.place == wanted.place
        and current.credential != wanted.credential
        and current.id in {hook.id for hook in hooks}
    ):
        before = replace(before, current=replace(current, credential=wanted.credential))
    return before.moved_to(wanted)
