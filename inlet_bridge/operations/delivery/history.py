"""Everything that is known of one delivery: its record, its log lines and its kept webhook."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from bridge.delivery.delivery import Delivery
from bridge.delivery.record import State
from bridge.messages.xdm_message import ReadSchema
from bridge.sources.connection import Destination
from bridge.sources.source import Source
from inlet_bridge.operations.bodies.kept_bodies import KeptBodies
from inlet_bridge.operations.bodies.kept_webhook import of_log, of_record
from inlet_bridge.operations.configuration.sources import Configuration
from inlet_bridge.operations.delivery.log_lines import (
    RECEIVER,
    DeliveryLine,
    DeliveryLines,
    read_lines,
    spans_of,
)
from inlet_bridge.operations.delivery.siblings import siblings
from inlet_bridge.operations.delivery.waits import Wait, Waits
from inlet_bridge.operations.deployed import Deployed
from inlet_bridge.operations.errors import OperationError
from inlet_bridge.operations.ingestion.dataset_progress import Progress, progress_of
from inlet_bridge.operations.records.table import DeliveryRecord, Records


@dataclass(frozen=True, slots=True)
class DeliveryHistory:
    """What is known of one delivery.

    Attributes:
        name: of its source.
        delivery_id: as it is shown.
        record: None if it expired or was never written.
        source: as it is configured now; None if it is not, or cannot be read.
        source_problem: why there is no source; empty otherwise.
        webhook: the whole kept webhook; None if no body is kept, or not any more.
        webhook_problem: why a kept body cannot be read; empty otherwise.
        destination: what a flow of another connection stands for.
        siblings: other deliveries of the same webhook.
        has_all_siblings: whether no more of them were looked for than there may be.
        namesakes: other deliveries of the source with the same ID.
        progress: of the dataset, for a delivered delivery.
        read_schema: reads a schema that is not in the source document.
    """

    name: str
    delivery_id: str
    record: DeliveryRecord | None
    lines: DeliveryLines
    source: Source | None
    source_problem: str
    webhook: Delivery | None
    webhook_problem: str
    destination: Destination | None
    wait: Wait | None
    siblings: tuple[DeliveryRecord, ...]
    has_all_siblings: bool
    namesakes: tuple[DeliveryRecord, ...]
    progress: Progress | None
    read_schema: ReadSchema

    @property
    def is_known(self) -> bool:
        """Whether anything is known of it."""
        return self.record is not None or bool(self.lines.lines)

    @property
    def key(self) -> str:
        """The idempotency key; empty if it is not known."""
        return self.record.key if self.record else ""

    @property
    def flow(self) -> str:
        """The name of its flow; empty if it is not known, or if it has none."""
        return self.record.details.get("flow", "") if self.record else ""


def history_of(
    deployed: Deployed,
    name: str,
    delivery_id: str,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> DeliveryHistory:
    """Read the history of a delivery. Raises OperationError.

    Args:
        deployed: the stack.
        name: of the source.
        delivery_id: as it is shown, or its idempotency key.
        clock: the time.
    """
    now, records, configuration = clock(), Records(deployed), Configuration(deployed)
    found = records.find(delivery_id, [name])
    found.sort(key=lambda each: each.key != delivery_id)
    record = found[0] if found else None
    shown_id = record.delivery_id if record else delivery_id
    lines = read_lines(deployed, name, shown_id, spans_of(record, now), clock)
    source, source_problem = _source(configuration, name)
    webhook, webhook_problem = _webhook(deployed, record, source, shown_id, lines)
    others: list[DeliveryRecord] = []
    has_all = True
    if record:
        others, has_all = siblings(records, source, record, webhook)
    flow = record.details.get("flow", "") if record else ""
    is_delivered = record is not None and record.state is State.DELIVERED
    return DeliveryHistory(
        name=name,
        delivery_id=shown_id,
        record=record,
        lines=lines,
        source=source,
        source_problem=source_problem,
        webhook=webhook,
        webhook_problem=webhook_problem,
        destination=_destination(configuration, flow),
        wait=Waits(deployed, now).of(record) if record else None,
        siblings=tuple(others),
        has_all_siblings=has_all,
        namesakes=tuple(found[1:]),
        progress=progress_of(deployed, source, flow) if is_delivered else None,
        read_schema=configuration.schema_reader(),
    )


def acknowledged(lines: DeliveryLines) -> list[DeliveryLine]:
    """The receiver's acknowledgements: the first, and those of repetitions."""
    return [line for line in lines.lines if line.function == RECEIVER and line.is_outcome]


def _source(configuration: Configuration, name: str) -> tuple[Source | None, str]:
    try:
        return configuration.source(name), ""
    except OperationError as exc:
        return None, str(exc)


def _webhook(
    deployed: Deployed,
    record: DeliveryRecord | None,
    source: Source | None,
    delivery_id: str,
    lines: DeliveryLines,
) -> tuple[Delivery | None, str]:
    kept = KeptBodies(deployed)
    try:
        if record:
            return of_record(kept, record), ""
        if source and (receipts := acknowledged(lines)):
            return of_log(kept, source, delivery_id, receipts[0].at), ""
    except OperationError as exc:
        return None, str(exc)
    return None, ""


def _destination(configuration: Configuration, flow: str) -> Destination | None:
    if "/" not in flow:
        return None
    try:
        return configuration.destination(flow)
    except OperationError:
        return None
