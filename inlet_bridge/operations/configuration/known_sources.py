"""Check the name of a source that an operator gives."""

from typing import Final

from inlet_bridge.operations.deployed import Deployed
from inlet_bridge.operations.errors import OperationError

_MOST_NAMES: Final = 20


def require_source(deployed: Deployed, name: str) -> None:
    """Raise OperationError, with the sources that there are, if none has this name."""
    names = deployed.sources
    if name in names:
        return
    listed = ", ".join(names[:_MOST_NAMES]) + (", …" if len(names) > _MOST_NAMES else "")
    raise OperationError(
        f"there is no source {name} in {deployed.stack}",
        hint=f"The sources are {listed}." if names else "No source is deployed.",
    )
