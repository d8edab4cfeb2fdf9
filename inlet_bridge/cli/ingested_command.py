"""Arguments of `inlet ingested`."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from inlet_bridge.cli.options import DEFAULT_STACK, StackOption
from inlet_bridge.cli.times import TIME, past_time


def ingested(
    *,
    since: Annotated[
        datetime | None,
        typer.Option(
            "--since",
            parser=past_time,
            metavar="TIME",
            help=f"Batches created since this time; a day by default. {TIME}",
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    now: Annotated[
        bool, typer.Option("--now", help="Read Adobe's batches first, instead of within the hour.")
    ] = False,
    batch: Annotated[
        str, typer.Option("--batch", metavar="ID", help="Only get Adobe's copy of this batch.")
    ] = "",
    save: Annotated[
        Path | None,
        typer.Option("--save", dir_okay=False, help="Write the copy to this file: JSON lines."),
    ] = None,
    settle: Annotated[
        str,
        typer.Option(
            "--settle",
            metavar="ID",
            help="Only end the alarm for this batch, once it is dealt with.",
        ),
    ] = "",
    stack: StackOption = DEFAULT_STACK,
) -> None:
    """Show what Adobe ingested and what it rejected after the inlet had accepted it.

    Messages of the last hour are still unknown. With --batch and --save, write Adobe's own copy of
    the failed records of a batch to a file; it has the values of the webhooks.
    The exit status is 1 if something is rejected that nobody has dealt with.
    """
    from inlet_bridge.cli import ingested as implementation

    if batch or save:
        implementation.save_copy(batch, save, stack)
    elif settle:
        implementation.settle(settle, stack)
    else:
        clean = implementation.show(since, stack, as_json=as_json, now=now)
        raise typer.Exit(0 if clean else 1)
