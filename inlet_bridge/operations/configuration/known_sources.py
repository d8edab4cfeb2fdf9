"""Check the name of a source that an operator gives."""

from typing import Final

from bridge.spelling import nearest
from inlet_bridge.operations.configuration.connection_names import refuse_connection
from inlet_bridge.operations.deployed import Deployed
from inlet_bridge.operations.errors import OperationError

_MOST_NAMES: Final = 20


def require_source(deployed: Deployed, name: str) -> None:
    """Raise OperationError, with the sources that there are, if none has this name."""
    names = deployed.sources
    if name in names:
        return
    listed = ", ".join(names[:_MOST_NAMES]) + (", …" if len(names) > _MOST_NAMES else "")
    close = nearest(name, names)
    meant = f"; is it {close}?" if close else ""
    there = f"The sources are {listed}." if names else "No source is deployed."
    refuse_connection(deployed, name, there)
    raise OperationError(
        f"there is no source {name} in {deployed.stack}{meant}",
        hint=f"{there} Of a delivery, `inlet why ID` shows what became of it.",
    )


def refuse_source(deployed: Deployed, delivery_id: str, way_out: str) -> None:
    """Raise OperationError if what should be the ID of a delivery is the name of a source.

    Args:
        deployed: the stack.
        delivery_id: as given; one that is not found.
        way_out: what to write instead; a sentence.
    """
    if delivery_id in deployed.sources:
        raise OperationError(
            f"{delivery_id} is the name of a source, and not the ID of a delivery", hint=way_out
        )
