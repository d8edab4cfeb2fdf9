"""The names of the connections of a deployment."""

from typing import Any

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


def refuse_connection(deployed: Deployed, name: str, way_out: str) -> None:
    """Raise OperationError if what should be a source is a connection; `way_out` is a sentence."""
    if name not in deployed.sources and name in connection_names(deployed):
        raise OperationError(f"{name} is a connection, not a source", hint=way_out)
