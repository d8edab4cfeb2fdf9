"""Arguments of `inlet deliveries`, `tail`, `why`, `pause`, `resume` and `audit`."""

from datetime import datetime
from typing import Annotated, Literal

import typer

from bridge.delivery.record import State
from inlet_bridge.cli.completion import source_names
from inlet_bridge.cli.options import DEFAULT_STACK, JsonOption, SourceArgument, StackOption
from inlet_bridge.cli.paging import DEFAULT_LIMIT, LimitOption, PageOption
from inlet_bridge.cli.times import TIME, past_time

OptionalSource = Annotated[
    str, typer.Argument(help="Name of a source; by default, all.", autocompletion=source_names)
]
SinceOption = Annotated[
    datetime | None,
    typer.Option(
        "--since",
        parser=past_time,
        metavar="TIME",
        help=f"Search the logs back to this time; a day by default. {TIME}",
    ),
]
ListedState = Literal["buffered", "dead", "failed", "delivered", "filtered", "split"]


def deliveries(
    source: OptionalSource = "",
    *,
    state: Annotated[
        ListedState | None, typer.Option(help="Only deliveries in this state.")
    ] = None,
    refused: Annotated[
        bool, typer.Option("--refused", help="List rejected requests instead, with the reason.")
    ] = False,
    since: SinceOption = None,
    limit: LimitOption = DEFAULT_LIMIT,
    page: PageOption = 1,
    as_json: JsonOption = False,
    stack: StackOption = DEFAULT_STACK,
) -> None:
    """List the deliveries of a source, or of all sources, newest first.

    With --state buffered, dead or failed, all that wait, are dead or were rejected by Adobe after
    the inlet had accepted them, from the deliveries table. Otherwise the last outcome of each
    delivery, from the logs. They do not show the last seconds, and what is older than
    LogRetentionDays. `inlet tail` follows them.
    """
    from inlet_bridge.cli import deliveries as implementation
    from inlet_bridge.cli.paging import Page

    if refused and state:
        raise typer.BadParameter("--refused lists no deliveries", param_hint="--state")
    wanted = State(state) if state else None
    options = implementation.ListOptions(source, wanted, since, Page(limit, page), stack, as_json)
    if refused:
        implementation.show_refused(options)
    else:
        implementation.show_deliveries(options)


def tail(
    source: OptionalSource = "",
    *,
    since: Annotated[
        datetime | None,
        typer.Option(
            "--since", parser=past_time, metavar="TIME", help=f"Begin there; now by default. {TIME}"
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON lines.")] = False,
    stack: StackOption = DEFAULT_STACK,
) -> None:
    """Print deliveries and rejected requests as they are logged, until Ctrl-C.

    Rejected requests have the reason, which no sender gets.
    """
    from inlet_bridge.cli.tail import follow

    follow(source, since, stack, as_json=as_json)


def why(
    delivery_id: Annotated[
        str,
        typer.Argument(
            metavar="ID",
            help="Of a delivery, from the response, the log or the sender; or of a rejected"
            " request, from the header apigw-requestid of the response.",
        ),
    ],
    *,
    source: Annotated[
        str,
        typer.Option(
            help="Name of the source; by default, all that are configured.",
            autocompletion=source_names,
        ),
    ] = "",
    since: SinceOption = None,
    as_json: JsonOption = False,
    stack: StackOption = DEFAULT_STACK,
) -> None:
    """Show the state of one delivery and its reason, or why a request was rejected.

    A delivery is read from the deliveries table by its key. One whose key does not follow from its
    ID is searched for in the logs, as is a rejected request. Of a delivery that waits, it shows a
    pause and the next attempt.
    """
    from inlet_bridge.cli.explanation import explain

    explain(delivery_id, source, since, stack, as_json=as_json)


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


def audit(*, as_json: JsonOption = False, stack: StackOption = DEFAULT_STACK) -> None:
    """Check that every delivery that waits is in the buffer, and count what is dead or failed.

    The exit status is 1 if deliveries are recorded as buffered but not in the buffer.
    Queue counts are approximate while messages move; run it again before you act.
    """
    from inlet_bridge.cli import deliveries as implementation

    implementation.audit(stack, as_json=as_json)
