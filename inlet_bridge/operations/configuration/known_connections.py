"""Check the name of a connection that an operator gives."""

from contextlib import suppress
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from bridge.provisioning.unknown_connection import unknown_connection
from bridge.spelling import nearest
from inlet_bridge.operations.configuration.sources import Configuration
from inlet_bridge.operations.deployed import Deployed
from inlet_bridge.operations.errors import OperationError


def connection_names(deployed: Deployed) -> list[str]:
    """The names of the connections of a deployment, without reading their values."""
    return names_below(deployed.ssm, f"{deployed.prefix}/connections")


def names_below(client: Any, path: str) -> list[str]:
    """The names below the path of connections in SSM, of which `client` is one."""
    pages = client.get_paginator("get_parameters_by_path").paginate(Path=path, Recursive=True)
    found = (one["Name"] for page in pages for one in page["Parameters"])
    return sorted({name.removeprefix(f"{path}/").split("/")[0] for name in found})


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
    if not nearest(name, names) and (likely := nearest(name, deployed.sources)):
        raise OperationError(
            f"there is no connection {name} in {deployed.stack}; is it the source {likely}?",
            hint=way_out.format(likely),
        )
    text = unknown_connection(name, names, of=f" in {deployed.stack}")
    hint = "`inlet status` shows them all." if names else "Deploy sources.yaml, which has it."
    raise OperationError(text, hint=hint)


def refuse_connection(deployed: Deployed, name: str, way_out: str) -> None:
    """Raise OperationError if what should be a source is a connection; `way_out` is a sentence."""
    if name not in deployed.sources and name in connection_names(deployed):
        raise OperationError(f"{name} is a connection, not a source", hint=way_out)


def _of(deployed: Deployed, source: str) -> str:
    """The connection of a source, as far as its document can be read."""
    with suppress(OperationError, ClientError, BotoCoreError):
        return f"; its connection is {Configuration(deployed).source(source).connection.name}"
    return ""
