"""Create and change one object at Adobe so that a lost response makes no second one."""

from dataclasses import dataclass
from http import HTTPStatus
from itertools import count
from typing import Any, Final

from bridge.errors import AdobeError
from bridge.names import ChainLocation, Slot
from bridge.ports.process import Persist, Sleep
from bridge.provisioning.chain.comparison import changes, differences, is_disabled
from bridge.provisioning.chain.plan import Item
from bridge.provisioning.connections.adobe_objects import Objects
from bridge.provisioning.journal import OpenJournal
from bridge.telemetry import logger

# Seconds to wait after a failed POST or PATCH, which may have taken effect all the same.
_RETRY_PAUSES: Final = (1.0, 3.0)
_STALE: Final = (HTTPStatus.PRECONDITION_FAILED, HTTPStatus.CONFLICT)


@dataclass(frozen=True, slots=True)
class ObjectWriter:
    """Searches for what a failed request may have created or changed before it repeats it.

    Attributes:
        persist: waits for further attempts of a deployment.
    """

    objects: Objects
    sleep: Sleep
    persist: Persist

    def create_or_adopt(
        self, slot: Slot, wanted: Item, connection: str, location: ChainLocation
    ) -> str:
        """Create an object; after a failed POST, adopt the object that it may have created.

        The plan looked for an existing object before the first POST.
        """
        for attempt in count(1):
            try:
                return self.objects.create(slot.kind, wanted)
            except AdobeError as exc:
                # Adobe rejects a sourceId that is in use: not retryable.
                found = self.objects.find_created(slot, wanted["name"], connection, location)
                for item in found:
                    if not differences(slot.kind, wanted, item):
                        logger.info("adopted", extra={"kind": slot.kind, "id": item["id"]})
                        return str(item["id"])
                if not (exc.retryable and self._may_retry(attempt, exc)):
                    raise
        raise AssertionError("the last attempt returns or raises")

    def _may_retry(self, attempt: int, exc: AdobeError) -> bool:
        """Wait before the next attempt; False if there is none."""
        if exc.retry_after and self.persist(attempt, exc.retry_after, exc):
            return True
        if attempt > len(_RETRY_PAUSES):
            return not exc.retry_after and self.persist(attempt, None, exc)
        self.sleep(_RETRY_PAUSES[attempt - 1])
        return True

    def complete(self, slot: Slot, object_id: str, wanted: Item, journal: OpenJournal) -> None:
        """Add to a new object what cannot be created with it; the next run does it otherwise."""
        item = self.read(slot, object_id)
        if changes(slot.kind, wanted, item):
            journal.write(f"patch {slot.kind} {slot.flow}")
            self.patch(slot, wanted, item)

    def patch(self, slot: Slot, wanted: Item, item: Item) -> None:
        """Patch; after a failure, read again: it may have succeeded, or the etag is stale."""
        for attempt in count(1):
            try:
                if operations := list(changes(slot.kind, wanted, item).values()):
                    self.objects.patch(slot.kind, item, operations)
                if is_disabled(slot.kind, item):
                    self.objects.flow_service.enable(item["id"])
            except AdobeError as exc:
                is_stale = exc.status in _STALE and attempt <= len(_RETRY_PAUSES)
                if not (is_stale or exc.retryable) or not self._may_retry(attempt, exc):
                    raise
                item = self.read(slot, item["id"])
            else:
                logger.info("patched", extra={"kind": slot.kind, "id": item["id"]})
                return

    def read(self, slot: Slot, object_id: str) -> dict[str, Any]:
        """An object that exists. Raises AdobeError."""
        item = self.objects.get(slot.kind, object_id)
        if item is None:
            raise AdobeError(
                f"Adobe no longer finds {slot.kind}/{object_id}; apply again",
                status=404,
                retryable=True,
            )
        return item
