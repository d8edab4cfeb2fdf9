"""Arguments of `inlet replay`."""

from datetime import datetime
from typing import Annotated

import typer

from inlet_bridge.cli.completion import source_names
from inlet_bridge.cli.options import DEFAULT_STACK, JsonOption, StackOption, YesOption
from inlet_bridge.cli.times import TIME, check_period, past_time

RateOption = Annotated[float, typer.Option(min=0.1, help="At most this many per second.")]


def replay(
    source: Annotated[
        str, typer.Argument(help="Name of the source.", autocompletion=source_names)
    ] = "",
    *,
    since: Annotated[
        datetime | None,
        typer.Option(parser=past_time, metavar="TIME", help=f"Received since then. {TIME}"),
    ] = None,
    until: Annotated[
        datetime | None,
        typer.Option(parser=past_time, metavar="TIME", help="Received until then; now by default."),
    ] = None,
    delivery_id: Annotated[
        str, typer.Option("--id", help="Only the webhook or the delivery with this id.")
    ] = "",
    where: Annotated[
        str,
        typer.Option(
            metavar="EXPRESSION",
            help="Only webhooks for which this is true; an expression as in a route's When.",
        ),
    ] = "",
    to: Annotated[
        str,
        typer.Option(metavar="CONNECTION/FLOW", help="Send to this flow, not by the routes."),
    ] = "",
    rate: RateOption = 100.0,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Count what would be sent; nothing is changed.")
    ] = False,
    resume: Annotated[
        str, typer.Option(metavar="ID", help="Continue a replay that was interrupted.")
    ] = "",
    yes: YesOption = False,
    as_json: JsonOption = False,
    stack: StackOption = DEFAULT_STACK,
) -> None:
    """Send kept webhooks of a source again, delivered ones too.

    They pass through the routes and maps of today and keep their `_id` and timestamps. What was
    filtered or is a dead letter is sent as well, if a route leads to a flow now. What waits in the
    buffer is not sent twice. The source needs `KeepBodies`.

    Without --since, --id or --where, it asks before it sends all that are kept.

    An interrupted replay continues with --resume, and sends each delivery once.
    The exit status is 1 if something that was selected cannot be sent.
    """
    check_period(since, until)
    is_chosen = bool(since or delivery_id or where)
    asks = bool(source) and not (is_chosen or yes or resume or dry_run)
    from inlet_bridge.cli import replay as implementation

    options = implementation.Options(
        source=source,
        since=since,
        until=until,
        delivery_id=delivery_id,
        where=where,
        to=to,
        rate=rate,
        dry_run=dry_run,
        resume=resume,
        as_json=as_json,
        stack=stack,
        asks=asks,
    )
    raise typer.Exit(0 if implementation.replay(options) else 1)
