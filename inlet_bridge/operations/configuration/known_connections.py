"""Check the name of a connection that an operator gives."""

from contextlib import suppress

from botocore.exceptions import BotoCoreError, ClientError

from bridge.provisioning.unknown_connection import likely_connection, unknown_connection
from inlet_bridge.operations.configuration.connection_names import connection_names
from inlet_bridge.operations.configuration.known_sources import likely_source
from inlet_bridge.operations.configuration.sources import Configuration
from inlet_bridge.operations.deployed import Deployed
from inlet_bridge.operations.errors import OperationError


def require_connection(deployed: Deployed, name: str, way_out: str = "") -> None:
    """Raise OperationError, with the connections that there are, if none has this name.

    Args:
        deployed: the stack.
        name: as given.
        way_out: what to write if it is the name of a source, or nearly; a sentence with `{}` where
            it has the source.
    """
    names = connection_names(deployed)
    if name in names:
        return
    if name in deployed.sources:
        raise OperationError(
            f"{name} is a source, not a connection{_of(deployed, name)}",
            hint=way_out.format(name),
        )
    if not likely_connection(name, names) and (likely := likely_source(name, deployed.sources)):
        raise OperationError(
            f"there is no connection {name} in {deployed.stack}; is it the source {likely}?",
            hint=way_out.format(likely),
        )
    text = unknown_connection(name, names, of=f" in {deployed.stack}")
    hint = "`inlet status` shows them all." if names else "Deploy sources.yaml, which has it."
    raise OperationError(text, hint=hint)


def _of(deployed: Deployed, source: str) -> str:
    """The connection of a source, as far as its document can be read."""
    with suppress(OperationError, ClientError, BotoCoreError):
        return f"; its connection is {Configuration(deployed).source(source).connection.name}"
    return ""
