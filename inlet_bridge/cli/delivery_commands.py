"""Arguments of `inlet deliveries`, `why`, `pause`, `resume` and `audit`."""

from typing import Annotated

import typer

from bridge.delivery.record import State
from inlet_bridge.cli.options import DEFAULT_STACK, SourceArgument, StackOption


def deliveries(
    source: SourceArgument,
    *,
    state: Annotated[State | None, typer.Option(help="Only deliveries in this state.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="At most this many.")] = 50,
    stack: StackOption = DEFAULT_STACK,
) -> None:
    """List the deliveries of a source, newest first."""
    from inlet_bridge.cli import deliveries as implementation

    implementation.show_deliveries(source, state, limit, stack)


def why(
    delivery_id: Annotated[str, typer.Argument(help="From the response, the log or the sender.")],
    *,
    stack: StackOption = DEFAULT_STACK,
) -> None:
    """Show the state of one delivery and its reason."""
    from inlet_bridge.cli import deliveries as implementation

    implementation.explain(delivery_id, stack)


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
    """Check that every accepted webhook is accounted for.

    Each is delivered, buffered, filtered or a dead letter.

    The exit status is 1 if deliveries are recorded as buffered but not in the buffer.
    Queue counts are approximate while messages move; run it again before you act.
    """
    from inlet_bridge.cli import deliveries as implementation

    implementation.audit(stack)
