"""Act on one delivery: send it again, redrive its dead letter, or drop it.

Each action may be asked for twice, also at the same time: the second one reports what is so.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import batched
from typing import Final

from bridge.adapters.aws.sqs import SqsBuffer
from bridge.delivery.record import State
from inlet_bridge.operations.bodies.kept_bodies import KeptBodies
from inlet_bridge.operations.bodies.kept_webhook import of_record
from inlet_bridge.operations.configuration.sources import Configuration
from inlet_bridge.operations.deployed import Deployed
from inlet_bridge.operations.errors import OperationError
from inlet_bridge.operations.queues.dead_letter import DeadLetter
from inlet_bridge.operations.queues.dead_letter_filter import Filter
from inlet_bridge.operations.queues.dead_letters import DeadLetters
from inlet_bridge.operations.records.table import DeliveryRecord, Records
from inlet_bridge.operations.replay.failed import FailedRecords
from inlet_bridge.operations.replay.outcomes import Outcome, Tally
from inlet_bridge.operations.replay.rate_limiter import RateLimiter
from inlet_bridge.operations.replay.reopening import Reopening
from inlet_bridge.operations.replay.replay import not_since
from inlet_bridge.operations.replay.routing import Routing
from inlet_bridge.operations.replay.run import Run, Selection, started_at
from inlet_bridge.operations.replay.sending import Sending

_MOST_LETTERS: Final = 2_000
_RATE: Final = 100.0
_OLDEST_RUN: Final = timedelta(days=1)
_NOT_KEPT: Final = (
    "Its body is not kept, or not any more, so it cannot be sent again from here: let the sender"
    " repeat it."
)
_SENT: Final = (
    "It is in the buffer, and is sent within seconds. Load the page again to see its outcome."
)
_OUTCOMES: Final = {
    Outcome.SENT: _SENT,
    Outcome.DONE: "It was sent again already; nothing more was sent.",
    Outcome.WAITING: "It waits in the buffer already; nothing more was sent.",
    Outcome.ERASED: "It was erased by an operator, and is not sent.",
    Outcome.REPEATED: "A later receipt of the same webhook counts; this one is not sent.",
    Outcome.FILTERED: "No route of the source takes it today, and Otherwise says drop.",
    Outcome.NO_ROUTE: "No route of the source takes it today. Add one, deploy, and replay it.",
    Outcome.CLAIMED: "A receiver processes it now. Try again in a minute.",
    Outcome.CHANGED: "Its record keeps changing. Try again in a minute.",
    Outcome.UNROUTED: "Today's routes lead to other deliveries of the webhook: replay those.",
}


@dataclass(frozen=True, slots=True)
class ActionResult:
    """What an action did.

    Attributes:
        text: one or two sentences, with the way out if it did not succeed.
        succeeded: whether what was asked for is so now, also if it was so before.
    """

    text: str
    succeeded: bool = True


class SingleDelivery:
    """Actions on one delivery. Every method raises OperationError."""

    def __init__(
        self,
        deployed: Deployed,
        source: str,
        delivery_id: str,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """Name the delivery.

        Args:
            deployed: the stack.
            source: its name.
            delivery_id: as it is shown, or its idempotency key.
            clock: the time.
        """
        self._deployed = deployed
        self._source = source
        self._id = delivery_id
        self._clock = clock

    def replay(self, run_id: str) -> ActionResult:
        """Send it again by today's routes.

        Args:
            run_id: of `new_id`. Asked for again with the same ID, nothing more is sent.
        """
        if not timedelta(minutes=-1) < self._clock() - started_at(run_id) < _OLDEST_RUN:
            raise OperationError("the page is too old", hint="Open the webhook again.")
        record = self._record()
        if record is None:
            raise OperationError(
                "it has no record any more",
                hint=f"`inlet replay {self._source} --id ID` searches all bodies that are kept.",
            )
        webhook = of_record(KeptBodies(self._deployed), record)
        if webhook is None:
            return ActionResult(_NOT_KEPT, succeeded=False)
        configuration, tally = Configuration(self._deployed), Tally()
        source, flow = configuration.source(self._source), record.details.get("flow", "")
        to = flow if "/" in flow else ""
        destination = configuration.destination(to) if to else None
        routing = Routing(source, to, destination, read_schema=configuration.schema_reader())
        run = Run(run_id, "replay", self._deployed.stack, Selection(self._source), _RATE)
        buffer = SqsBuffer(self._deployed.sqs, self._deployed.buffer)
        reopening = Reopening(self._deployed)
        sending = Sending(reopening, buffer, run_id, not_since(run), RateLimiter(_RATE))
        found = {
            each.key: each
            for each in routing.of(webhook, tally)
            if record.key in (each.key, webhook.key)
        }
        if not found and not tally.outcomes:
            tally.count(Outcome.UNROUTED)
        for some in batched(found.values(), sending.rate_limiter.burst, strict=False):
            sending.send(some, tally)
        return _replayed(tally, is_paused=configuration.is_paused(source, to))

    def redrive(self) -> ActionResult:
        """Move its dead letter to the buffer, or say why there is none."""
        letters = DeadLetters(self._deployed, self._clock)
        letter = self._letter(letters)
        if letter is None:
            return self._without_letter("redriven", "inlet dead-letters redrive --id")
        if problem := letters.redrive_letter(letter):
            return ActionResult(f"The dead letter {problem}.", succeeded=False)
        return ActionResult(f"The dead letter was redriven. {_SENT}")

    def drop(self) -> ActionResult:
        """Delete its dead letter, or close its failed record; neither can be undone."""
        record = self._record()
        if record and record.state is State.FAILED:
            return self._drop_failed(record)
        letters = DeadLetters(self._deployed, self._clock)
        letter = self._letter(letters)
        if letter is None:
            return self._without_letter("dropped", "inlet dead-letters drop --id")
        letters.drop_letter(letter)
        return ActionResult("The dead letter was deleted.")

    def _drop_failed(self, record: DeliveryRecord) -> ActionResult:
        if not record.is_open:
            return ActionResult("The failed record was dropped already.")
        failed = FailedRecords(self._deployed, self._clock)
        if any(map(failed.close, failed.read([(record.source, record.key)]))):
            return ActionResult("The failed record was closed: nobody sends it again.")
        return ActionResult("It was sent again or closed meanwhile; nothing was changed.")

    def _record(self) -> DeliveryRecord | None:
        found = Records(self._deployed).find(self._id, [self._source])
        found.sort(key=lambda each: each.key != self._id)
        return found[0] if found else None

    def _letter(self, letters: DeadLetters) -> DeadLetter | None:
        record = self._record()
        if record and (record.state is not State.DEAD or not record.is_open):
            return None
        shown_id = record.delivery_id if record else self._id
        return letters.take_first(Filter(source=self._source, delivery_id=shown_id), _MOST_LETTERS)

    def _without_letter(self, done: str, command: str) -> ActionResult:
        """What is so if there is no dead letter of it."""
        record = self._record()
        if record and record.state is State.DEAD and not record.is_open:
            return ActionResult("The dead letter was dropped already.", succeeded=done == "dropped")
        if record and record.state in {State.BUFFERED, State.DELIVERED}:
            is_so = done == "redriven"
            return ActionResult(f"It is no dead letter any more: it is {record.state}.", is_so)
        if record and record.state is not State.DEAD:
            return ActionResult(f"It is no dead letter: it is {record.state}.", succeeded=False)
        return ActionResult(
            f"Its dead letter was not found among {_MOST_LETTERS}: it expired, or someone else"
            f" reads it, for up to five minutes. Try again then, or with `{command} ID`.",
            succeeded=False,
        )


def _replayed(tally: Tally, *, is_paused: bool) -> ActionResult:
    """What became of the deliveries of a replay."""
    reason = next(iter(tally.reasons), "")
    sentences = []
    for outcome, times in tally.outcomes.items():
        text = _OUTCOMES.get(outcome, f"It cannot be sent: {reason or outcome}.")
        sentences.append(text if times == 1 else f"{times} deliveries: {text}")
    if is_paused and Outcome.SENT in tally.outcomes:
        sentences.append("The source or its connection is paused: it waits until `inlet resume`.")
    done = {Outcome.SENT, Outcome.DONE, Outcome.WAITING}
    return ActionResult(" ".join(sentences), succeeded=done.issuperset(tally.outcomes))
