"""A socket for `http.client` with one time limit for all that is sent and received.

The time-out of a socket is for each part: a site that sends a byte at a time would hold a request
for hours.
"""

import io
import socket
from collections.abc import Buffer, Callable
from time import monotonic
from typing import override


class TimedSocket:
    """What `http.client` uses of a socket.

    Args:
        sock: connected; its owner closes it.
        deadline: on the clock.
        clock: seconds.
    """

    def __init__(
        self, sock: socket.socket, deadline: float, clock: Callable[[], float] = monotonic
    ) -> None:
        self._sock = sock
        self._deadline = deadline
        self._clock = clock

    def sendall(self, content: bytes) -> None:
        """Send a request. Raises OSError."""
        self.limit()
        self._sock.sendall(content)

    def makefile(self, _mode: str) -> io.BufferedReader:
        """A stream of what is received; reading raises OSError."""
        return io.BufferedReader(_Received(self._sock, self.limit))

    def limit(self) -> None:
        """Let the next operation take the time that is left. Raises TimeoutError if none is."""
        left = self._deadline - self._clock()
        if left <= 0:
            raise TimeoutError
        self._sock.settimeout(left)

    def close(self) -> None:
        """Do nothing: `http.client` closes it before it has read a response to its end."""


class _Received(io.RawIOBase):
    def __init__(self, sock: socket.socket, limit: Callable[[], None]) -> None:
        self._sock = sock
        self._limit = limit

    @override
    def readable(self) -> bool:
        return True

    @override
    def readinto(self, buffer: Buffer, /) -> int:
        self._limit()
        return self._sock.recv_into(buffer)
