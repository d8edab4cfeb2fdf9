"""Arguments of `inlet deliveries`, `why`, `pause`, `resume` and `audit`."""

from datetime import datetime
from typing import Annotated

import typer

from bridge.delivery.record import State
from inlet_bridge.cli.options import DEFAULT_STACK, SourceArgument, StackOption

SinceOption = Annotated[
    datetime | None,
    typer.Option("--since", help="Search the logs back to this time in UTC; a day by default."),
]


def deliveries(
    source: SourceArgument,
    *,
    state: Annotated[State | None, typer.Option(help="Only deliveries in this state.")] = None,
    since: SinceOption = None,
    limit: Annotated[int, typer.Option(min=1, help="At most this many.")] = 50,
    stack: StackOption = DEFAULT_STACK,
) -> None:
    """List the deliveries of a source, newest first.

    With --state buffered, dead or failed, all that wait, are dead or were rejected by Adobe after
    the inlet had accepted them, from the deliveries table. Otherwise the last outcome of each
    delivery, from the logs. They do not show rejected requests, the last seconds, and what is
    older than LogRetentionDays.
    """
    from inlet_bridge.cli import deliveries as implementation

    implementation.show_deliveries(source, state, since, limit, stack)


def why(
    delivery_id: Annotated[str, typer.Argument(help="From the response, the log or the sender.")],
    *,
    source: Annotated[
        str, typer.Option(help="Name of the source; by default, all that are configured.")
    ] = "",
    since: SinceOption = None,
    stack: StackOption = DEFAULT_STACK,
) -> None:
    """Show the state of one delivery and its reason.

    It is read from the deliveries table by its key. A delivery whose key does not follow from its
    ID is searched for in the logs.
    """
    from inlet_bridge.cli import deliveries as implementation

    implementation.explain(delivery_id, source, since, stack)


def pause(
    source: SourceArgument = "",
    *,
    connection: Annotated[
        str, typer.Option(help="Pause all sources of this connection instead.")
    ] = "",
    stack: StackOption = DEFAULT_STACK,
) -> None:
    """Keep the webhooks of a source in the buffer.

    They are verified and get status 202.
    """
    from inlet_bridge.cli import deliveries as implementation

    implementation.pause(source, connection, stack)


def resume(
    source: SourceArgument = "",
    *,
    connection: Annotated[str, typer.Option(help="Resume this connection instead.")] = "",
    stack: StackOption = DEFAULT_STACK,
) -> None:
    """End a pause; waiting webhooks are sent within minutes."""
    from inlet_bridge.cli import deliveries as implementation

    implementation.resume(source, connection, stack)


def audit(*, stack: StackOption = DEFAULT_STACK) -> None:
    """Check that every delivery that waits is in the buffer, and count what is dead or failed.

    The exit status is 1 if deliveries are recorded as buffered but not in the buffer.
    Queue counts are approximate while messages move; run it again before you act.
    """
    from inlet_bridge.cli import deliveries as implementation

    implementation.audit(stack)
