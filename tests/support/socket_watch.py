"""Record to which addresses this process connects, and which names it resolves."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

_LISTS: Final[list[list[str]]] = []


def _hook(event: str, arguments: tuple[Any, ...]) -> None:
    if not _LISTS or event not in {"socket.connect", "socket.getaddrinfo", "socket.sendto"}:
        return
    address = arguments[0] if event == "socket.getaddrinfo" else arguments[-1]
    for addresses in _LISTS:
        addresses.append(str(address))


@contextmanager
def connections() -> Iterator[list[str]]:
    """The addresses, of all threads, until the block ends."""
    if not _HOOKED:
        sys.addaudithook(_hook)  # It cannot be removed.
        _HOOKED.append(True)
    addresses: list[str] = []
    _LISTS.append(addresses)
    try:
        yield addresses
    finally:
        _LISTS.remove(addresses)


_HOOKED: Final[list[bool]] = []
