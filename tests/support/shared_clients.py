"""Give tests of moto one session of boto3 per process, and one client for the same arguments.

A session loads its settings and its rules of endpoints again, and a client copies all handlers of
its session, which takes as long as several requests to moto. Handlers that a test registers count:
a session that has got one is not given to the next test, and a client is created anew if its
session or the client itself has got one.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

import boto3
from botocore.session import get_session
from moto.core.models import botocore_stubber

_untyped: Any = boto3
_CREATE: Final[Any] = _untyped.client
# The endpoint of one service, which differs by test: the clients of others do not read it.
_OF_ONE_SERVICE: Final = "AWS_ENDPOINT_URL_CLOUDFORMATION"

type Prepare = Callable[[Any], None]
"""Registers the handlers of a session."""


@dataclass(frozen=True)
class _Client:
    """A client, and what it was created with."""

    client: Any
    environment: dict[str, str]
    handlers: tuple[object, object]

    def is_as_created(self, session: Any, service: str) -> bool:
        own, of_session = self.handlers
        return (
            own is _handlers(self.client.meta.events)
            and of_session is _handlers(session.events)
            and self.environment == _environment(service)
        )


@dataclass(frozen=True)
class _Session:
    """A session, what it was created with, and its clients by their arguments."""

    session: Any
    environment: dict[str, str]
    handlers: object
    clients: dict[Any, _Client] = field(default_factory=dict)

    def is_as_created(self) -> bool:
        unchanged = self.handlers is _handlers(self.session.events)
        return unchanged and self.environment == _environment()


_SESSIONS: Final[dict[Prepare, _Session]] = {}


def _handlers(events: Any) -> object:
    """What botocore replaces with each registration: the cache of the handlers per event."""
    return events._emitter._lookup_cache  # noqa: SLF001 - the handlers cannot be read otherwise


def _environment(service: str = "") -> dict[str, str]:
    """The settings of boto3 that a client of a service reads."""
    return {
        name: value
        for name, value in os.environ.items()
        if name.startswith("AWS_") and (name != _OF_ONE_SERVICE or service == "cloudformation")
    }


def _unprepared(_: Any) -> None:
    """Register nothing beside the handlers of boto3."""


def use_shared_session(prepare: Prepare = _unprepared) -> None:
    """Let `boto3.client` use a session with these handlers, until moto is stopped."""
    assert botocore_stubber.enabled
    shared = _SESSIONS.get(prepare)
    if shared is None or not shared.is_as_created():
        session: Any = boto3.Session(botocore_session=get_session())
        prepare(session)
        shared = _Session(session, _environment(), _handlers(session.events))
        _SESSIONS[prepare] = shared
    _untyped.DEFAULT_SESSION = shared.session


def _client(service: str, *given: Any, **named: Any) -> Any:
    if _untyped.DEFAULT_SESSION is None and botocore_stubber.enabled:
        use_shared_session()
    session = _untyped.DEFAULT_SESSION
    shared = next((each for each in _SESSIONS.values() if each.session is session), None)
    if shared is None:
        return _CREATE(service, *given, **named)
    key = (service, given, tuple(sorted(named.items())))
    found = shared.clients.get(key)
    if found is None or not found.is_as_created(session, service):
        client = _CREATE(service, *given, **named)
        handlers = (_handlers(client.meta.events), _handlers(session.events))
        found = shared.clients[key] = _Client(client, _environment(service), handlers)
    return found.client


def share_clients() -> None:
    """Share clients for the rest of the process."""
    _untyped.client = _client
