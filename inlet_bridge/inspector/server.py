"""Serve the inspector on the loopback."""

import logging
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Final

import uvicorn

from inlet_bridge.inspector.application import LOOPBACK, create_application
from inlet_bridge.inspector.inspector import Inspector
from inlet_bridge.inspector.security.sign_in import SignIn
from inlet_bridge.operations.errors import OperationError
from inlet_bridge.plain_text import plain

_STOP_SECONDS: Final = 1
# A browser opens six to a host; an open page has one for its new rows.
_MOST_CONNECTIONS: Final = 100


class _PlainFormatter(logging.Formatter):
    """Format errors of pages; their texts may quote what a sender wrote."""

    def format(self, record: logging.LogRecord) -> str:
        return plain(super().format(record), lines=True).replace("\n", "\n  ")


_LOGGING: Final = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"()": _PlainFormatter}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "loggers": {"uvicorn": {"handlers": ["stderr"], "level": "ERROR", "propagate": False}},
}


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
                # h11 bounds the headers, to 16 KiB; httptools does not.
                http="h11",
                ws="none",
                limit_concurrency=_MOST_CONNECTIONS,
                proxy_headers=False,
                # A page of another site may not fill the terminal with warnings.
                log_config=_LOGGING,
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
        # A browser that opens the URL before the server has started waits.
        listener.listen()
    except OSError as exc:
        listener.close()
        raise OperationError(
            f"port {port} of {LOOPBACK} cannot be used: {exc.strerror}",
            hint="Use a free one: inlet console --port 0",
        ) from exc
    return listener
