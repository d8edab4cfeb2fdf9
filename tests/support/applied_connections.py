"""Apply the declaration of a connection, and read the source documents that follow from it."""

from typing import Any

from bridge.sources.source import Source
from tests.support.declarations import STACK
from tests.support.provisioning_bench import Bench

OWNER = f"{STACK}/OrdersConnection"


def apply(bench: Bench, properties: dict[str, Any], owner: str = OWNER) -> list[str]:
    """Apply, and return the actions that changed something."""
    steps = bench.apply(properties, owner).steps
    return [f"{step.action} {step.slot.kind}" for step in steps if step.action != "nothing"]


def document(bench: Bench, name: str = "github") -> Source:
    """The document of a source."""
    return Source.from_document(bench.values[f"/inlet-bridge/test/sources/{name}"])
