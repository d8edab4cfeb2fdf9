"""Say why a host gave no response."""

import socket


def cause_of(exc: BaseException, host: str) -> str:
    """That the name of a host is not known, else the class of an exception.

    Args:
        exc: of a socket, or of a library that has caught one.
        host: that was to be reached.
    """
    found: BaseException | None = exc
    while found:
        if isinstance(found, socket.gaierror):
            return f"the name {host} cannot be resolved; check it, the network and its DNS"
        found = found.__cause__ or found.__context__
    return type(exc).__name__
