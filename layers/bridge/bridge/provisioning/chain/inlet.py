"""Read the inlet of a base connection."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from bridge.errors import AdobeError
from bridge.inlet.allowed_hosts import is_allowed


@dataclass(frozen=True, slots=True)
class Inlet:
    """The streaming endpoint of a base connection.

    Attributes:
        inlet_id: 64 hex digits, the last part of the URL.
        source_id: the name of the data source at Adobe.
    """

    url: str
    inlet_id: str
    source_id: str


def read_inlet(connection: Mapping[str, Any], hosts: Collection[str]) -> Inlet:
    """Read the inlet, and check that payloads and tokens may be sent to it.

    Args:
        connection: a base connection as Adobe returns it.
        hosts: `host` (on the default port) or `host:port` entries.

    Raises:
        AdobeError: there is no inlet (retryable), or it is not on one of the hosts.
    """
    params = (connection.get("auth") or {}).get("params") or {}
    url, inlet_id = params.get("inletUrl"), params.get("inletId")
    if not (url and inlet_id):
        raise AdobeError(
            "Adobe gave the base connection no inlet yet; apply again", status=None, retryable=True
        )
    if not is_allowed(url, hosts):
        raise _rejected(f"it is not https, or its host is none of INLET_HOSTS ({', '.join(hosts)})")
    if not urlsplit(url).path.endswith(f"/collection/{inlet_id}"):
        raise _rejected("its path does not end in the inlet id")
    # `sourceId` is optional and defaults to the name.
    return Inlet(url, inlet_id, params.get("sourceId") or connection["name"])


def _rejected(why: str) -> AdobeError:
    return AdobeError(
        f"the inlet URL that Adobe gave is refused: {why}", status=200, retryable=False
    )
