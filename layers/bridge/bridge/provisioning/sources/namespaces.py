"""Read the sandbox's identity namespaces for a source."""

from bridge.errors import AdobeError
from bridge.ports.adobe import IdentityNamespaces
from bridge.sources.connection import Connection
from bridge.telemetry import logger


def read_namespaces(
    namespaces: IdentityNamespaces, connection: Connection
) -> tuple[str, ...] | None:
    """The codes of the sandbox's namespaces; None if they cannot be read, which is a warning.

    Reading them needs a permission of its own, without which the bridge works.
    """
    if connection.data_type == "raw":
        return ()
    try:
        return tuple(sorted(set(namespaces.codes())))
    except AdobeError as exc:
        logger.warning("identity namespaces cannot be read", extra={"reason": str(exc)})
        return None
