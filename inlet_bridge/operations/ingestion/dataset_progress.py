"""How far Adobe's batches of a dataset were read: whether a failure would be known."""

from dataclasses import dataclass
from datetime import datetime

from bridge.adapters.aws.ingestion_records import DynamoDbIngestion
from bridge.adapters.clock import utc_now
from bridge.errors import UnavailableError
from bridge.sources.source import Source
from inlet_bridge.operations.configuration.sources import Configuration
from inlet_bridge.operations.deployed import Deployed
from inlet_bridge.operations.errors import OperationError


@dataclass(frozen=True, slots=True)
class Progress:
    """What the reconciler has read of a dataset.

    Attributes:
        listed_at: when its batches were listed last; None if they never were.
        problem: why they could not be read last time; empty if they could.
    """

    dataset_id: str
    listed_at: datetime | None = None
    problem: str = ""


def progress_of(deployed: Deployed, source: Source | None, flow: str) -> Progress | None:
    """The progress of the dataset of a flow; None if the flow is not known any more."""
    dataset = _dataset(deployed, source, flow)
    if not dataset:
        return None
    try:
        _, datasets = DynamoDbIngestion(deployed.dynamodb, deployed.deliveries, utc_now).load()
    except UnavailableError as exc:
        return Progress(dataset, problem=str(exc))
    for each in datasets:
        if each.dataset_id == dataset:
            listed_at = each.listed_at if each.listed_at.year > 1 else None
            return Progress(dataset, listed_at, each.problem)
    return Progress(dataset)


def _dataset(deployed: Deployed, source: Source | None, name: str) -> str:
    if "/" in name:
        try:
            return Configuration(deployed).destination(name).flow.dataset_id
        except OperationError:
            return ""
    flow = source.flows.get(name) if source else None
    return flow.dataset_id if flow else ""
