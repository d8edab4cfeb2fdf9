"""Say that a connection does not exist, and which one may be meant."""

from collections.abc import Sequence
from typing import Final

from bridge.spelling import nearest

_MOST_NAMES: Final = 20


def unknown_connection(name: str, names: Sequence[str], *, of: str = "") -> str:
    """A sentence without its full stop.

    Args:
        name: that none has.
        names: those that there are.
        of: where, such as ` in inlet-bridge-dev`; by default, nothing is said.
    """
    text = f"there is no connection {name}{of}"
    if close := nearest(name, names):
        return f"{text}; is it {close}?"
    if not names:
        return f"{text}; no connection is deployed"
    more = ", …" if len(names) > _MOST_NAMES else ""
    return f"{text}; the connections are {', '.join(names[:_MOST_NAMES])}{more}"
