"""Pause and resume: a parameter of the source or connection lets webhooks wait in the buffer."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import NamedTuple

from botocore.exceptions import ClientError

from bridge.sources.configured import RESUMED, paused_parameter
from bridge.sources.source import Source
from inlet_bridge.operations.configuration.connection_names import refuse_connection
from inlet_bridge.operations.configuration.known_connections import require_connection
from inlet_bridge.operations.configuration.known_sources import require_source
from inlet_bridge.operations.deployed import Deployed
from inlet_bridge.operations.errors import OperationError


def pause(deployed: Deployed, *, source: str = "", connection: str = "") -> None:
    """Pause a source, or all sources of a connection. Raises OperationError."""
    path = _existing(deployed, source, connection)
    deployed.ssm.put_parameter(
        Name=paused_parameter(path),
        Value=datetime.now(UTC).isoformat(timespec="seconds"),
        Type="String",
        Overwrite=True,
    )


def resume(deployed: Deployed, *, source: str = "", connection: str = "") -> bool:
    """End a pause; return False if there was none. Raises OperationError."""
    name = paused_parameter(_existing(deployed, source, connection))
    found = deployed.ssm.get_parameters(Names=[name])["Parameters"]
    if not found or found[0]["Value"] == RESUMED:
        return False
    deployed.ssm.put_parameter(Name=name, Value=RESUMED, Type="String", Overwrite=True)
    return True


def _existing(deployed: Deployed, source: str, connection: str) -> str:
    """The parameter path of an existing source or connection."""
    kind, name = ("sources", source) if source else ("connections", connection)
    path = f"{deployed.prefix}/{kind}/{name}"
    proof = path if source else f"{path}/base_connection_id"
    try:
        deployed.ssm.get_parameter(Name=proof)
    except ClientError as exc:
        if exc.response["Error"]["Code"] != "ParameterNotFound":
            raise
        if source:
            way_out = f"Write it after --connection: --connection {source} takes all its sources."
            refuse_connection(deployed, source, way_out)
            require_source(deployed, source)
        require_connection(deployed, name, "Name it without --connection.")
        raise OperationError(
            f"the {kind.removesuffix('s')} {name} in {deployed.stack} is not usable",
            hint="Deploy its stack, or apply it.",
        ) from exc
    return path


class Pauses(NamedTuple):
    """The pauses of a source and its connection.

    Attributes:
        since: when each was paused, by name; what is not paused is missing.
        ended_at: when the last of them was resumed; None if none was.
        is_configured: whether there is such a source.
    """

    since: Mapping[str, str]
    ended_at: datetime | None = None
    is_configured: bool = True


def pauses(deployed: Deployed, source: str) -> Pauses:
    """The pauses of a source and of its connection."""
    path = f"{deployed.prefix}/sources/{source}"
    document = deployed.ssm.get_parameters(Names=[path])["Parameters"]
    named = {source: path}
    if document and (connection := _connection_of(document[0]["Value"])):
        named[connection] = f"{deployed.prefix}/connections/{connection}"
    parameters = {paused_parameter(each): name for name, each in named.items()}
    found = deployed.ssm.get_parameters(Names=list(parameters))["Parameters"]
    since = {
        parameters[one["Name"]]: one["Value"]
        for one in sorted(found, key=lambda one: one["Name"], reverse=True)
        if one["Value"] != RESUMED
    }
    ended = [one["LastModifiedDate"] for one in found if one["Value"] == RESUMED]
    return Pauses(since, max(ended, default=None), bool(document))


def _connection_of(document: str) -> str:
    try:
        return Source.from_document(document).connection.name
    except (ValueError, KeyError, TypeError, AttributeError):
        return ""
