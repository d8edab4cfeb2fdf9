"""Arguments of `inlet erase`."""

from typing import Annotated

import typer

from inlet_bridge.cli.options import DEFAULT_STACK, StackOption, YesOption


def erase(
    *,
    where: Annotated[
        str,
        typer.Option(
            metavar="EXPRESSION",
            help="JMESPath over body, headers, query, event_type, delivery_id, source and"
            " received_at, such as \"body.email == 'a@example.com'\".",
        ),
    ],
    source: Annotated[
        str, typer.Option(help="Only webhooks of this source, also of a deleted one.")
    ] = "",
    wait: Annotated[
        int,
        typer.Option(
            min=0,
            metavar="MINUTES",
            help="How long the queues are read again while messages are in flight or delayed.",
        ),
    ] = 20,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Count what is selected without erasing it.")
    ] = False,
    yes: YesOption = False,
    stack: StackOption = DEFAULT_STACK,
) -> None:
    """Erase what an expression selects of kept bodies, waiting messages and dead letters.

    An erased message is not sent. A webhook of several events is erased from the kept bodies if one
    of its events is selected. What is at Adobe stays there.

    The exit status is 1 if something could not be examined; with --dry-run it is 0.
    """
    from inlet_bridge.cli import erase as implementation

    options = implementation.EraseOptions(where, source, wait, dry_run=dry_run, confirmed=yes)
    raise typer.Exit(0 if implementation.erase(options, stack) else 1)
