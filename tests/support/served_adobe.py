"""Emulated Adobes at the same address, one after another, which one server of this process serves.

To start and to stop a server takes longer than most tests.
"""

import socket
from contextlib import ExitStack
from functools import cache
from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send

from adobe_emulator import server
from adobe_emulator.application import build
from adobe_emulator.clock import Clock
from adobe_emulator.emulator import Adobe
from adobe_emulator.settings import Behavior, Tenant

_UNTIL_THE_END: Final = ExitStack()
_applications: list[ASGIApp] = []


async def _present(scope: Scope, receive: Receive, send: Send) -> None:
    await _applications[-1](scope, receive, send)


@cache
def _bound() -> socket.socket:
    bound = _UNTIL_THE_END.enter_context(server.listening())
    server.start(server.server_of(_present), bound)
    return bound


def serve_adobe(tenant: Tenant | None = None, seed: int = 0) -> Adobe:
    """A new emulated Adobe in the place of the former one."""
    adobe = Adobe(server.url_of(_bound()), tenant or Tenant(), Behavior(), Clock(), seed)
    _applications[:] = [build(adobe)]
    return adobe
