"""Erase stored webhooks: kept bodies, waiting messages and dead letters.

A queue shows a message only while nobody else has it and its delay is over. The forwarder takes
messages at the same time, and sends those that have to wait again with a delay. So the queues are
read until each delivery that the records list as waiting or dead was seen, or is settled. One whose
webhook is kept need not be seen: its record is closed, so that the forwarder deletes its message.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from bridge.delivery.delivery import Delivery
from bridge.delivery.record import Key, State, key_of
from inlet_bridge.operations.bodies.damaged_body import DamagedBody
from inlet_bridge.operations.bodies.kept_bodies import KeptBodies
from inlet_bridge.operations.deployed import Deployed
from inlet_bridge.operations.erasure.body_selection import BodySelection, Match, UnreadableError
from inlet_bridge.operations.erasure.erasable_records import ErasableRecords
from inlet_bridge.operations.erasure.examined import Examined, Place
from inlet_bridge.operations.queues.retained_queue import RetainedQueue, delivery_of

if TYPE_CHECKING:
    from mypy_boto3_sqs.type_defs import MessageTypeDef

_POLL_SECONDS: Final = 10.0
_WAITING: Final = (State.BUFFERED, State.DEAD)


@dataclass(slots=True)
class Erasure:
    """Erases what an expression selects.

    Attributes:
        source: only of this source; empty means all.
        wait: how long the queues are read again while deliveries were not seen.
        unseen: after a run, how many waiting or dead deliveries were neither seen nor settled.
    """

    deployed: Deployed
    selection: BodySelection
    source: str = ""
    wait: timedelta = timedelta(0)
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    sleep: Callable[[float], None] = time.sleep
    unseen: int = 0
    _seen: set[Key] = field(default_factory=set)
    _messages: set[str] = field(default_factory=set)
    _whole: set[Key] = field(default_factory=set)
    _closed: set[Key] = field(default_factory=set)
    _of_kept: dict[Key, list[Key]] = field(default_factory=dict)

    def run(self, *, dry_run: bool = False) -> Iterator[Examined]:
        """Examine everything that is stored, and erase what is selected.

        What is received meanwhile may be missed.

        Args:
            dry_run: reads everything once and erases nothing.
        """
        expected, until = self._open(_WAITING), self.clock() + self.wait
        # The forwarder deletes the message of a closed record; nobody deletes a dead letter.
        buffered = self._open((State.BUFFERED,))
        self._of_kept = ErasableRecords(self.deployed).of_kept(buffered)
        yield from self._kept(dry_run=dry_run)
        while True:
            yield from self._queues(dry_run=dry_run)
            expected -= self._seen | self._closed
            if expected:
                expected &= self._open(_WAITING)
            self.unseen = len(expected)
            if not expected or dry_run or self.clock() >= until:
                return
            self.sleep(_POLL_SECONDS)

    def _open(self, states: Iterable[State]) -> set[Key]:
        """The deliveries that must be in a queue."""
        records = ErasableRecords(self.deployed)
        return {
            key
            for state in states
            for key in records.open_keys(state)
            if not self.source or key[0] == self.source
        }

    def _kept(self, *, dry_run: bool) -> Iterator[Examined]:
        bodies = KeptBodies(self.deployed, self.clock)
        for body in bodies.stored():
            if isinstance(body, DamagedBody):
                if self.source in ("", body.source):
                    yield Examined(Place.KEPT, body.source, problem=body.reason)
                continue
            if self.source and body.delivery.source != self.source:
                continue
            examined = self._examined(Place.KEPT, body.delivery)
            yield from self._deliveries_of(body.delivery, examined, dry_run=dry_run)
            if examined.selected and not dry_run:
                bodies.erase(body)
            yield examined

    def _deliveries_of(
        self, kept: Delivery, examined: Examined, *, dry_run: bool
    ) -> Iterator[Examined]:
        """Settle the waiting deliveries of a kept webhook, by their records.

        If one of its events is selected, only the messages show which delivery that is.
        """
        keys = self._of_kept.get(key_of(kept), ())
        if examined.match is Match.WHOLE:
            self._whole.add(key_of(kept))
            for key in () if dry_run else keys:
                if key not in self._closed and ErasableRecords(self.deployed).erase_by_key(key):
                    self._closed.add(key)
                    yield Examined(Place.RECORDED, kept.source, Match.WHOLE)
        elif examined.match is Match.NOTHING and not examined.problem:
            self._seen.update(keys)

    def _queues(self, *, dry_run: bool) -> Iterator[Examined]:
        urls = [
            (Place.BUFFER, self.deployed.buffer),
            (Place.DEAD_LETTERS, self.deployed.dead_letters),
            *((Place.EVENTS, url) for url in self.deployed.events.values()),
        ]
        for place, url in urls:
            yield from self._queue(place, url, dry_run=dry_run)

    def _queue(self, place: Place, url: str, *, dry_run: bool) -> Iterator[Examined]:
        """Examine the messages that are visible; those that stay are then visible again."""
        queue, records = RetainedQueue(self.deployed.sqs, url), ErasableRecords(self.deployed)
        try:
            while messages := queue.take():
                for message in messages:
                    delivery = delivery_of(message["Body"])
                    if delivery and key_of(delivery) in self._closed:
                        queue.delete([message])
                        continue
                    examined = self._message(place, message, delivery)
                    if examined is None:
                        continue
                    if examined.selected and not dry_run:
                        # The record first: no copy of the message is sent from then on.
                        if delivery:
                            records.erase(delivery)
                        queue.delete([message])
                    yield examined
        finally:
            queue.release()  # Also if the caller stops early.

    def _message(
        self, place: Place, message: "MessageTypeDef", delivery: Delivery | None
    ) -> Examined | None:
        """Examine a message; None if it was examined before, or is of another source."""
        known = message["MessageId"] in self._messages
        self._messages.add(message["MessageId"])
        if delivery is None:
            return None if known or self.source else self._event(place, message)
        is_new = key_of(delivery) not in self._seen
        self._seen.add(key_of(delivery))
        # A copy of a selected delivery is selected, too.
        if (known and not is_new) or (self.source and delivery.source != self.source):
            return None
        if (delivery.source, delivery.kept) in self._whole:
            return Examined(place, delivery.source, Match.WHOLE)  # A part of it.
        return self._examined(place, delivery)

    def _event(self, place: Place, message: "MessageTypeDef") -> Examined:
        attributes = {
            name: value["StringValue"]
            for name, value in message.get("MessageAttributes", {}).items()
            if "StringValue" in value
        }
        try:
            match = self.selection.of_event(message["Body"], attributes)
        except UnreadableError as exc:
            return Examined(place, "", problem=str(exc))
        return Examined(place, "", match)

    def _examined(self, place: Place, delivery: Delivery) -> Examined:
        try:
            match = self.selection.of_delivery(delivery)
        except UnreadableError as exc:
            return Examined(
                place, delivery.source, problem=str(exc), delivery_id=delivery.delivery_id
            )
        return Examined(place, delivery.source, match)
