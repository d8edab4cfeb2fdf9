"""Run the emulated Adobe on a loopback port, in a process or inside a test."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
from time import monotonic, sleep
from typing import cast

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

from adobe_emulator.application import build
from adobe_emulator.clock import Clock
from adobe_emulator.emulator import Adobe
from adobe_emulator.settings import Behavior, Tenant

_HOST = "127.0.0.1"
_BACKLOG = 2048
_START_SECONDS = 600.0


class _ClosableProtocol(H11Protocol):
    """Passes the connection to requests, so that a fault can close it."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(cast("asyncio.Transport", transport))
        self.app_state = {**self.app_state, "transport": transport}


@contextmanager
def listening(port: int = 0) -> Iterator[socket.socket]:
    """A listening socket on the loopback address; port 0 is any free port.

    Raises OSError if the port is in use.
    """
    # asyncio disables Nagle's algorithm (40 ms per response) only if the protocol is given.
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as bound:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((_HOST, port))
        bound.listen(_BACKLOG)  # Connections of early clients are queued, not rejected.
        yield bound


def url_of(bound: socket.socket) -> str:
    """The URL of a listening socket."""
    return f"http://{_HOST}:{bound.getsockname()[1]}"


def server_for(adobe: Adobe) -> uvicorn.Server:
    """The server of one emulated Adobe, not yet started."""
    return server_of(build(adobe))


def server_of(application: ASGIApp) -> uvicorn.Server:
    """The server of an application that `build` made, or that calls such ones; not yet started."""
    config = uvicorn.Config(
        application,
        http=_ClosableProtocol,
        ws="none",
        lifespan="off",
        log_config=None,  # The caller configures logging.
        log_level="warning",
        access_log=False,
        # Longer than clients keep idle connections, so no request is sent on a closing one.
        timeout_keep_alive=75,
        backlog=_BACKLOG,
        timeout_graceful_shutdown=1,
    )
    return uvicorn.Server(config)


@contextmanager
def serving(
    behavior: Behavior | None = None,
    *,
    tenant: Tenant | None = None,
    clock: Clock | None = None,
    seed: int = 0,
    port: int = 0,
) -> Iterator[Adobe]:
    """Serve an emulated Adobe from a thread until the block ends.

    Tests can read and change its state meanwhile: `adobe.url`, `adobe.ledger`,
    `adobe.resources`, `adobe.ims`, `adobe.faults`, `adobe.clock`, `adobe.settle()`.
    """
    with listening(port) as bound:
        adobe = Adobe(
            url_of(bound), tenant or Tenant(), behavior or Behavior(), clock or Clock(), seed
        )
        server = server_for(adobe)
        thread = start(server, bound)
        try:
            yield adobe
        finally:
            server.should_exit = True
            thread.join()


def start(server: uvicorn.Server, bound: socket.socket) -> Thread:
    """Run a server in a thread until its `should_exit` is set; it responds already."""
    thread = Thread(target=server.run, args=([bound],), name="emulated-adobe", daemon=True)
    thread.start()
    _await_start(server, thread)
    return thread


def _await_start(server: uvicorn.Server, thread: Thread) -> None:
    deadline = monotonic() + _START_SECONDS
    while not server.started:
        if not thread.is_alive() or monotonic() > deadline:
            raise RuntimeError("the emulated Adobe did not start")
        sleep(0.005)
