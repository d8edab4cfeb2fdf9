"""Explain what became of one delivery, or why a request was rejected."""

import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

from rich.console import RenderableType

from bridge.delivery.record import State
from inlet_bridge.cli.console import Screen
from inlet_bridge.cli.delivery_documents import explained_json, logged_json, record_json
from inlet_bridge.cli.delivery_tables import logged_table, record_lines, refusal_lines
from inlet_bridge.cli.error_output import print_notice
from inlet_bridge.cli.filtered_delivery import reason_and_step
from inlet_bridge.cli.operation_errors import report_operation_errors
from inlet_bridge.cli.times import searched_from, start_of
from inlet_bridge.operations.configuration.known_sources import refuse_source, require_source
from inlet_bridge.operations.delivery.refusal_advice import refusal_advice
from inlet_bridge.operations.delivery.waits import Waits
from inlet_bridge.operations.deployed import Deployed
from inlet_bridge.operations.errors import OperationError
from inlet_bridge.operations.logs.bounded import CallBudget
from inlet_bridge.operations.logs.deliveries import DeliveryLog, LoggedDelivery
from inlet_bridge.operations.logs.refusals import Refusal, Refusals
from inlet_bridge.operations.records.keys import prefixed
from inlet_bridge.operations.records.shortened_ids import beginning_with, meant_by
from inlet_bridge.operations.records.table import DeliveryRecord, Records
from inlet_bridge.plain_text import plain_json

# Of FilterLogEvents: a page has up to 1 MB, or ends after CloudWatch has scanned for some time.
_MOST_CALLS: Final = 1_000
_AROUND: Final = " \t\r\n\"'`,;:.()<>[]"
"""What an ID may be copied with, such as from JSON or a sentence."""
_NEWEST: Final = 200
"""Among how many deliveries, and rejected requests, the beginning of an ID is looked for."""
_OTHER_IDS: Final = (
    "The ID of an accepted request is not logged: it is found by its delivery ID, or by the"
    f" xactionId if it is one of the newest {_NEWEST}."
)

_OF_A_BUS: Final = (
    "An event of EventBridge arrives only if it is on the bus EventBusName of sources.yaml, and"
    " EventPattern matches it: docs/events.md, Errors."
)


def explain(
    delivery_id: str, source: str, since: datetime | None, stack: str, *, as_json: bool
) -> None:
    """Print the record of a delivery, for each source that has this ID, or else its log.

    Or else the reason why the request with this ID was rejected. The beginning of an ID is enough
    if one of the newest deliveries and rejected requests begins so.
    """
    with report_operation_errors() as screen:
        search = _Search(Deployed(stack), source, since, screen)
        found = search.of(delivery_id)
        for meant in _likely_ids(delivery_id):
            if not found.documents:
                found = search.of(meant)
        if not found.documents and (whole := search.whole_id(delivery_id)):
            print_notice(f"{delivery_id} is {whole.relation} {whole.delivery_id}.")
            found = search.of(whole.delivery_id)
        if not found.documents:
            raise search.nothing(delivery_id)
        if as_json:
            screen.write(plain_json({"found": found.documents}) + "\n")
        else:
            screen.print(*found.parts)


class _Explanation(NamedTuple):
    """What is known of an ID, in both forms; empty if nothing is."""

    documents: list[dict[str, Any]]
    parts: list[RenderableType]


class _Meant(NamedTuple):
    """An ID that is known, and what the one that was asked for is of it."""

    relation: str
    delivery_id: str


@dataclass(frozen=True, slots=True)
class _Search:
    """A search for IDs.

    Attributes:
        source: its name; empty for all.
        since: from when logs are searched; None for a day ago.
    """

    deployed: Deployed
    source: str
    since: datetime | None
    screen: Screen

    def of(self, delivery_id: str) -> _Explanation:
        """What the table has of it, or else the logs. Raises OperationError."""
        sources = [self.source] if self.source else self.deployed.sources
        records = Records(self.deployed).find(delivery_id, sources)
        return self._recorded(records) if records else self._logged(delivery_id)

    def _recorded(self, records: Sequence[DeliveryRecord]) -> _Explanation:
        found = _Explanation([], [])
        reasons = Waits(self.deployed, datetime.now(UTC))
        for record in records:
            wait = reasons.of(record)
            reason, step = reason_and_step(self.deployed, record)
            waits = wait.as_texts() if wait else reason
            advice = {"advice": step} if step else {}
            found.documents.append(record_json(record) | waits | advice)
            found.parts.extend(record_lines(record, waits, step))
        return found

    def _logged(self, delivery_id: str) -> _Explanation:
        start = start_of(self.since)
        with self.screen.search("Reading the logs"):
            logged = self._log.of(delivery_id, since=start)
            refused = [] if logged else _refused(self.deployed, delivery_id, start)
        self._refuse_other_source(delivery_id, logged)
        if records := self._of_deleted_sources(delivery_id, logged):
            return self._recorded(records)
        advised = [(each, refusal_advice(self.deployed, each)) for each in refused]
        documents = [*map(logged_json, logged), *(explained_json(*each) for each in advised)]
        parts: list[RenderableType] = [logged_table(logged)] if logged else []
        return _Explanation(
            documents, [*parts, *(line for each in advised for line in refusal_lines(*each))]
        )

    def _refuse_other_source(self, delivery_id: str, logged: Sequence[LoggedDelivery]) -> None:
        """Raise OperationError if the logs have it of other sources than the given one only."""
        others = sorted({each.source for each in logged})
        if self.source and others and self.source not in others:
            raise OperationError(
                f"{delivery_id} is a delivery of {', '.join(others)}, and not of {self.source}",
                hint=f"`inlet why {shlex.quote(delivery_id)} --source {others[0]}` shows it.",
            )

    def _of_deleted_sources(
        self, delivery_id: str, logged: Sequence[LoggedDelivery]
    ) -> list[DeliveryRecord]:
        """The records of sources that only the logs name, since they do not exist any more."""
        deleted = {each.source for each in logged}.difference(self.deployed.sources)
        if self.source or not deleted:
            return []
        return Records(self.deployed).find(delivery_id, sorted(deleted))

    def whole_id(self, shortened: str) -> _Meant | None:
        """The ID that begins so, or of the delivery with this xactionId; None if there is none.

        Raises:
            OperationError: several IDs begin so.
        """
        start = start_of(self.since)
        with self.screen.search("Reading the logs"):
            logged = self._log.newest(self.source, since=start, limit=_NEWEST).found
            refused = self._refusals.newest(self.source, since=start, limit=_NEWEST).found
        for each in logged:
            if each.state is State.DELIVERED and each.detail == shortened:
                return _Meant("the xactionId of", each.delivery_id)
        ids = [*(each.delivery_id for each in logged), *(each.request_id for each in refused)]
        found = beginning_with(shortened, ids)
        if len(found) > 1:
            raise OperationError(
                f"there is no {shortened}{meant_by(shortened, ids)}", hint="Write the whole ID."
            )
        return _Meant("the beginning of", found[0]) if found else None

    def nothing(self, delivery_id: str) -> OperationError:
        """The error for an ID of which nothing is known. Raises OperationError for a source."""
        if self.source:
            require_source(self.deployed, self.source)
        way_out = (
            f"`inlet deliveries {delivery_id}` lists its deliveries, with --refused its rejected"
            " requests."
        )
        refuse_source(self.deployed, delivery_id, way_out)
        bus = f" {_OF_A_BUS}" if self.deployed.event_queues else ""
        return OperationError(
            f"no delivery and no rejected request {delivery_id} is recorded or logged",
            hint=f"`inlet deliveries {self.source or 'SOURCE'}` lists whole IDs, with --refused"
            f" those of rejected requests. {_OTHER_IDS} Or it never arrived, is older than"
            " RecordDays (8), or its source was deleted (see --source)."
            f" {searched_from(self.since)}{bus}",
        )

    @property
    def _log(self) -> DeliveryLog:
        return DeliveryLog(self.deployed, self.deployed.time.now)

    @property
    def _refusals(self) -> Refusals:
        return Refusals(self.deployed, self.deployed.time.now)


def _likely_ids(delivery_id: str) -> list[str]:
    """What an ID may mean: a digest without its prefix, or one copied with what surrounds it."""
    alone = delivery_id.strip(_AROUND)
    ids = (prefixed(delivery_id), alone, prefixed(alone))
    return [each for each in dict.fromkeys(ids) if each not in ("", delivery_id)]


def _refused(deployed: Deployed, request_id: str, since: datetime) -> list[Refusal]:
    """The rejected request with this ID. Raises OperationError if not all lines could be read."""
    budget = CallBudget(_MOST_CALLS)
    found = Refusals(deployed, deployed.time.now).of(request_id, since=since, budget=budget)
    if not found and budget.ran_out:
        raise OperationError(
            "the receiver logged too much to search it completely",
            hint="Name a later time with --since.",
        )
    return found
