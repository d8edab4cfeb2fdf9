"""A server on the loopback address that answers with the request's number, if at all.

One thread serves all connections: two threads per connection, the client's and the server's, take
several times as long for the same number of requests.
"""

import select
import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from random import Random
from threading import Event, Thread

# A request of these tests is one segment of a few hundred bytes.
_BYTES = 4_096
# SO_LINGER on, with 0 seconds: closing sends RST instead of FIN (socket(7)).
_RESET = struct.pack("ii", 1, 0)
# An answer that nobody asked for, whole and in part, and what is none.
_UNSOLICITED = (
    b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n-1",
    b"HTTP/1.1 408 Request Timeout\r\ncontent-length: 0\r\nconnection: close\r\n\r\n",
    b"HTTP/1.1 102 Processing\r\n\r\n",
    b"HTTP/1.1 2",
    b"-1",
    b"\x00",
)


def answer_to(number: bytes) -> bytes:
    """An answer that quotes the number, which is the path of the request."""
    return b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n%b" % (len(number), number)


@dataclass
class UnreliableServer:
    """Answers `POST /{number}`; written by its own thread alone, and read when that has ended.

    Attributes:
        fault_rate: the part of the requests that get something else than just their answer.
        accepted: the number of connections.
        left_open: connections that the client had not closed when the server stopped.
    """

    random: Random
    fault_rate: float
    url: str = ""
    accepted: int = 0
    left_open: int = 0
    _open: dict[int, socket.socket] = field(default_factory=dict)
    _doomed: list[socket.socket] = field(default_factory=list)

    def serve(self, listener: socket.socket, stop: Event) -> None:
        """Serve until the event is set and what came before it has been read."""
        listener.setblocking(False)
        with listener, select.epoll() as poll:
            poll.register(listener, select.EPOLLIN)
            while True:
                stopping = stop.is_set()
                ready = poll.poll(0 if stopping else 0.05)
                for number, _ in ready:
                    if number == listener.fileno():
                        self._accept(listener, poll)
                    elif number in self._open:  # Not closed by what came before in this round.
                        self._serve(self._open[number])
                if stopping and not ready:
                    break
        self.left_open = len(self._open)
        self._close_all()

    def _accept(self, listener: socket.socket, poll: select.epoll) -> None:
        peer, _ = listener.accept()
        peer.setblocking(False)
        self._open[peer.fileno()] = peer
        poll.register(peer, select.EPOLLIN)
        self.accepted += 1

    def _serve(self, peer: socket.socket) -> None:
        try:
            request = peer.recv(_BYTES)
            if not request:
                self._close(peer)
            elif self.random.random() < self.fault_rate:
                self._misbehave(peer, _number(request))
            else:
                peer.sendall(answer_to(_number(request)))
        except BlockingIOError:
            """The event was of a connection whose number this one has got."""
        except OSError:  # The client has closed it.
            self._close(peer)

    def _misbehave(self, peer: socket.socket, number: bytes) -> None:
        answer = answer_to(number)
        match self.random.randrange(6):
            case 0:  # Closed before the answer.
                self._close(peer)
            case 1:  # In the middle.
                peer.sendall(answer[: self.random.randrange(1, len(answer))])
                self._close(peer)
            case 2:  # Right after.
                peer.sendall(answer)
                self._close(peer)
            case 3:  # Later: while it is idle, or while the next request is on its way.
                peer.sendall(answer)
                self._doomed.append(peer)
                if len(self._doomed) == 3:
                    for doomed in self._doomed:
                        self._close(doomed)
                    self._doomed.clear()
            case 4:
                peer.sendall(answer + self.random.choice(_UNSOLICITED))
            case _:  # All at once, as where the time for idle connections is over.
                peer.sendall(answer)
                self._close_all()

    def _close_all(self) -> None:
        for peer in list(self._open.values()):
            self._close(peer)

    def _close(self, peer: socket.socket) -> None:
        if self._open.pop(peer.fileno(), None):
            if self.random.random() < 0.5:
                peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
            peer.close()


def _number(request: bytes) -> bytes:
    return request.split(b" ", 2)[1].removeprefix(b"/")


@contextmanager
def unreliable_server(*, fault_rate: float, seed: int = 0) -> Iterator[UnreliableServer]:
    """Serve until the block ends; the server then has what happened."""
    server = UnreliableServer(Random(seed), fault_rate)  # noqa: S311 (repeatable)
    listener = socket.create_server(("127.0.0.1", 0), backlog=64)
    server.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    stop = Event()
    thread = Thread(target=server.serve, args=(listener, stop), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        stop.set()
        thread.join()
