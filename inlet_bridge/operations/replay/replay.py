"""Replay the kept webhooks of a source."""

import time
from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import batched
from typing import Final

from bridge.delivery.delivery import Delivery
from inlet_bridge.operations.bodies.damaged_body import DamagedBody
from inlet_bridge.operations.deployed import Deployed
from inlet_bridge.operations.records.keys import may_be_of
from inlet_bridge.operations.records.shortened_ids import MOST_SHOWN, beginning_with
from inlet_bridge.operations.replay.kept import LONGEST, Kept, Selected, named, position_of
from inlet_bridge.operations.replay.outcomes import Outcome, Tally
from inlet_bridge.operations.replay.policy import SeenRecord, decide
from inlet_bridge.operations.replay.routing import Routing
from inlet_bridge.operations.replay.run import Run, RunFiles
from inlet_bridge.operations.replay.sending import Decide, Sending

# Of bodies that wait to be sent together.
_MOST_BYTES: Final = 8_000_000
_SAVE_SECONDS: Final = 1.0
# Webhooks without a delivery to send after which the progress is reported and saved.
_MOST_WEBHOOKS: Final = 1_000


@dataclass(slots=True)
class Replay:
    """Sends the webhooks of a run, oldest first.

    It holds the deliveries of a tenth of a second and of one webhook in memory, whatever the
    number of webhooks. Its progress is saved once a second and when it ends in any way.

    Attributes:
        routing: of the source.
        sending: at the rate of the run.
        files: None to save nothing, such as for a dry run.
        tally: counts of the run. Those that are saved are the counts up to its position.
        unsearched: how many damaged bodies were skipped in the search for an ID that is not theirs,
            as far as their keys tell.
        similar: IDs of kept webhooks that begin with the selected one, which none has.
    """

    deployed: Deployed
    run: Run
    kept: Kept
    routing: Routing
    sending: Sending
    files: RunFiles | None
    monotonic: Callable[[], float] = time.monotonic
    tally: Tally = field(init=False)
    unsearched: int = field(default=0, init=False)
    similar: list[str] = field(default_factory=list, init=False)
    _waiting: list[Delivery] = field(default_factory=list, init=False)
    _bytes: int = field(default=0, init=False)
    _unreported: int = field(default=0, init=False)
    _saved_at: float = field(default=0.0, init=False)

    def __post_init__(self) -> None:
        """Continue the counts of the run."""
        self.tally = deepcopy(self.run.tally)

    def steps(self) -> Iterator[int]:
        """Send everything; yield how many webhooks are settled each time."""
        position = self.run.position
        self._save()
        try:
            for webhook, keys in self._selected():
                deliveries = self.routing.of(webhook, self.tally)
                if keys:
                    deliveries = self._only(deliveries, keys)
                self._waiting += deliveries
                self._bytes += sum(len(each.body) for each in deliveries)
                self._unreported += 1
                position = position_of(webhook)
                if self._is_full():
                    yield self._flush(position)
            if position:
                yield self._flush(position)
        finally:
            self._save()
        if self.files:
            self.files.delete(self.run)

    def _selected(self) -> Iterator[Selected]:
        selection, source = self.run.selection, self.routing.source.name
        if selection.delivery_id:
            found = named(self.deployed, self.kept, source, selection.delivery_id)
            yield from found or self._searched(selection.delivery_id)
            return
        for webhook in self._between():
            yield webhook, frozenset()

    def total(self) -> int:
        """How many webhooks are left to look at; one if an ID selects them."""
        return 1 if self.run.selection.delivery_id else self.kept.count(*self._span())

    def _between(self) -> Iterator[Delivery]:
        after = self.run.position
        for webhook in self.kept.between(*self._span()):
            if isinstance(webhook, DamagedBody):
                self._skip(webhook)
            elif after is None or position_of(webhook) > after:
                yield webhook

    def _skip(self, damaged: DamagedBody) -> None:
        wanted = self.run.selection.delivery_id
        if wanted and not may_be_of(wanted, damaged.key):
            self.unsearched += 1
            return
        self.tally.count(Outcome.UNREADABLE, damaged.reason)
        self._unreported += 1

    def _span(self) -> tuple[str, datetime, datetime]:
        """The source, and the first and the last time of receipt."""
        selection, run, source = self.run.selection, self.run, self.routing.source
        longest = timedelta(days=source.keep_bodies + 1) if source.keep_bodies else LONGEST
        since = selection.since or run.started_at - longest
        if run.position:
            since = max(since, run.position[0])
        return source.name, since, selection.until or run.started_at

    def _searched(self, delivery_id: str) -> Iterator[Selected]:
        """Webhooks whose records have expired or have another ID: every kept one is looked at."""
        for webhook in self._between():
            if delivery_id in (webhook.delivery_id, webhook.key):
                yield webhook, frozenset()
            elif self.routing.source.split or delivery_id.startswith(f"{webhook.delivery_id}/"):
                keys = self.routing.keys_of(webhook, delivery_id)
                if keys:
                    yield webhook, keys
            if len(self.similar) <= MOST_SHOWN:
                ids = (webhook.delivery_id, webhook.key)
                self.similar += beginning_with(delivery_id, ids)[:1]

    def _only(self, deliveries: Sequence[Delivery], keys: frozenset[str]) -> list[Delivery]:
        """The selected deliveries; the routes may not lead to all of them any more."""
        key_of = self.routing.selection_key
        selected = set(map(key_of, keys))
        chosen = [each for each in deliveries if key_of(each.key) in selected]
        self.tally.count(Outcome.UNROUTED, times=len(selected) - len(chosen))
        return chosen

    def _is_full(self) -> bool:
        return (
            len(self._waiting) >= self.sending.rate_limiter.burst
            or self._bytes >= _MOST_BYTES
            or self._unreported >= _MOST_WEBHOOKS
        )

    def _flush(self, position: tuple[datetime, str]) -> int:
        """Send what waits; all deliveries up to the position are settled then."""
        tally, settled = self.tally, self._unreported
        for some in batched(self._waiting, self.sending.rate_limiter.burst, strict=False):
            different = {(each.key, each.received_at): each for each in reversed(some)}
            tally.count(Outcome.REPEATED, times=len(some) - len(different))
            self.sending.send(list(reversed(different.values())), tally)
        self._waiting.clear()
        self._bytes = self._unreported = 0
        self.run.position, self.run.tally = position, deepcopy(tally)
        if self.monotonic() - self._saved_at >= _SAVE_SECONDS:
            self._save()
        return settled

    def _save(self) -> None:
        if self.files:
            self.files.save(self.run)
            self._saved_at = self.monotonic()


def not_since(run: Run) -> Decide:
    """Send what was not sent since the run began."""

    def decide_one(record: SeenRecord | None, delivery: Delivery, now: datetime) -> Outcome:
        return decide(
            record,
            run_id=run.run_id,
            started_at=run.started_at,
            received_at=delivery.received_at,
            now=now,
        )

    return decide_one
