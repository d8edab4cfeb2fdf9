"""Say that a connection does not exist, and which one may be meant."""

from collections.abc import Sequence
from typing import Final

from bridge.spelling import nearest

_MOST_NAMES: Final = 20
_OF_A_RESOURCE: Final = "Connection"
"""With which the logical ID of one ends in sources.yaml."""


def unknown_connection(name: str, names: Sequence[str], *, of: str = "") -> str:
    """A sentence without its full stop.

    Args:
        name: that none has.
        names: those that there are.
        of: where, such as ` in inlet-bridge-dev`; by default, nothing is said.
    """
    text = f"there is no connection {name}{of}"
    if close := likely_connection(name, names):
        return f"{text}; is it {close}?"
    if not names:
        return f"{text}; no connection is deployed"
    more = ", …" if len(names) > _MOST_NAMES else ""
    return f"{text}; the connections are {', '.join(names[:_MOST_NAMES])}{more}"


def likely_connection(name: str, names: Sequence[str]) -> str:
    """The connection that a misspelled name, or a logical ID of a template, may mean; or empty."""
    return nearest(name, names) or nearest(name.removesuffix(_OF_A_RESOURCE), names)
