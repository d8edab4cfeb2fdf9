"""The session of boto3 of a cloud, which records calls of all its clients."""

from dataclasses import dataclass, field
from typing import Any

from tests.support.role_check import watch_calls
from tests.support.shared_clients import use_shared_session


@dataclass
class AwsCalls:
    """What the clients of one cloud asked.

    Attributes:
        denied: calls that the role of the calling function does not allow.
        waits: for how many seconds messages were hidden, in their order.
        delays: for how many seconds messages that were sent again are delayed.
    """

    denied: list[str] = field(default_factory=list)
    waits: list[int] = field(default_factory=list)
    delays: list[int] = field(default_factory=list)


_current = [AwsCalls()]
"""Of the cloud that is open; the handlers of the session outlive it."""


def use_watched_session() -> AwsCalls:
    """Let `boto3.client` use a session that records calls, until moto is stopped."""
    use_shared_session(_watch)
    _current[0] = AwsCalls()
    return _current[0]


def _watch(session: Any) -> None:
    watch_calls(session, _deny)
    session.events.register(
        "provide-client-params.sqs.ChangeMessageVisibility",
        lambda params, **_: _current[0].waits.append(params["VisibilityTimeout"]),
    )
    session.events.register(
        "provide-client-params.sqs.SendMessageBatch",
        lambda params, **_: _current[0].delays.extend(
            entry["DelaySeconds"] for entry in params["Entries"]
        ),
    )


def _deny(call: str) -> None:
    _current[0].denied.append(call)
