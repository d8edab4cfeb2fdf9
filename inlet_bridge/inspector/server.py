"""Serve the inspector on the loopback."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

import uvicorn

from inlet_bridge.inspector.application import LOOPBACK, create_application
from inlet_bridge.inspector.inspector import Inspector
from inlet_bridge.inspector.sign_in import SignIn
from inlet_bridge.operations.errors import OperationError

_STOP_SECONDS = 1


class InspectorServer:
    """One inspector on a port of 127.0.0.1, which other machines cannot reach.

    Attributes:
        url: signs the first browser that opens it in.
    """

    def __init__(self, inspector: Inspector, port: int) -> None:
        """Bind a port; 0 is any free one. Raises OperationError if it is in use."""
        self._socket = _bound(port)
        actual: int = self._socket.getsockname()[1]
        sign_in = SignIn(actual)
        self.url = f"http://{LOOPBACK}:{actual}{sign_in.path}"
        application = create_application(inspector, sign_in, actual)
        self._server = uvicorn.Server(
            uvicorn.Config(
                application,
                log_level="warning",
                access_log=False,
                server_header=False,
                lifespan="off",
                # The response with new rows does not end by itself.
                timeout_graceful_shutdown=_STOP_SECONDS,
            )
        )

    def serve(self) -> None:
        """Serve until SIGINT or SIGTERM."""
        self._server.run([self._socket])

    @contextmanager
    def in_background(self) -> Iterator[None]:
        """Serve in a thread until the block ends."""
        thread = Thread(target=self._server.run, args=([self._socket],), daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._server.should_exit = True
            thread.join()


def _bound(port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((LOOPBACK, port))
    except OSError as exc:
        listener.close()
        raise OperationError(
            f"port {port} of {LOOPBACK} cannot be used: {exc.strerror}",
            hint="Name another one with --port; 0 is any free one.",
        ) from exc
    return listener
