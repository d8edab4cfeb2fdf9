"""Arguments of `inlet drain`."""

from typing import Annotated

import typer

from inlet_bridge.cli.options import DEFAULT_STACK, StackOption


def drain(
    queue: Annotated[
        str,
        typer.Argument(
            metavar="QUEUE_URL", help="A queue that a deleted stack left; its name will do."
        ),
    ],
    *,
    records: Annotated[
        str, typer.Option(metavar="TABLE", help="The deliveries table that the same stack left.")
    ] = "",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Count the messages without moving them.")
    ] = False,
    stack: StackOption = DEFAULT_STACK,
) -> None:
    """Move the messages of a deleted stack's queue to the same queue of this one.

    It can be interrupted and run again. The exit status is 1 if messages stay.
    """
    from inlet_bridge.cli import drain as implementation

    raise typer.Exit(0 if implementation.drain(queue, records, stack, dry_run=dry_run) else 1)
