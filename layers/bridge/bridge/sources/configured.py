"""A source as it is configured now: its document, its secrets and whether it is paused."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from bridge.sources.source import Source


class ConfiguredSource(NamedTuple):
    """A source and the values of its secrets, newest first.

    Attributes:
        paused: the source or its connection is paused; webhooks wait in the buffer.
        is_current: False for a copy past its lifetime, and if a pause could not be read. A flow may
            have been paused or replaced since, so webhooks are verified and buffered, not sent.
        handshake_secrets: secrets of unsigned handshakes.
        missing: names of secrets that do not exist yet.
        unreadable: names of secrets that the scheme cannot use; they are not among `secrets`.
    """

    source: Source
    secrets: tuple[str, ...]
    handshake_secrets: tuple[str, ...] = ()
    path_tokens: tuple[str, ...] = ()
    paused: bool = False
    is_current: bool = True
    missing: tuple[str, ...] = ()
    unreadable: tuple[str, ...] = ()

    def __repr__(self) -> str:
        """Without the values of secrets."""
        return f"{type(self).__name__}({self.source.name!r})"


PAUSED: Final = "paused"
"""The last part of the name of a parameter that pauses."""

RESUMED: Final = "resumed"
"""The value of a pause that has ended. The parameter is not deleted: SSM asks to wait 30 seconds
before a deleted name is created again.
https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_DeleteParameters.html"""


def paused_parameter(path: str) -> str:
    """The SSM parameter that pauses a source or a connection, unless its value is `RESUMED`.

    Args:
        path: `/inlet-bridge/{stage}/sources/{name}` or `/inlet-bridge/{stage}/connections/{name}`.
    """
    return f"{path}/{PAUSED}"


def paused_since(values: Mapping[str, str], name: str) -> str:
    """When a source or a connection was paused, in ISO 8601; empty if it is not.

    Args:
        values: of parameters, by name.
        name: of the parameter that pauses it.
    """
    since = values.get(name, RESUMED)
    return "" if since == RESUMED else since
