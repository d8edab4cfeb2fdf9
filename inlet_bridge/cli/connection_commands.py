"""Arguments of `inlet plan`, `apply`, `status`, `repair`, `destroy` and `doctor`."""

from pathlib import Path
from typing import Annotated

import typer

from inlet_bridge.cli.options import DEFAULT_STACK, StackOption, YesOption

type File = Annotated[
    Path,
    typer.Argument(
        metavar="FILE",
        exists=True,
        dir_okay=False,
        help='JSON: {"connection": {…}} or {"source": {…}} with the properties of the template'
        " resources, or a list of these.",
    ),
]


def plan(file: File, stack: StackOption = DEFAULT_STACK) -> None:
    """Show the changes that apply would make."""
    from inlet_bridge.cli import connections

    connections.plan(file, stack)


def apply(file: File, stack: StackOption = DEFAULT_STACK) -> None:
    """Create or change the connections and sources of a file."""
    from inlet_bridge.cli import connections

    connections.apply(file, stack)


def status(
    connection: Annotated[str | None, typer.Argument(metavar="CONNECTION")] = None,
    stack: StackOption = DEFAULT_STACK,
) -> None:
    """Compare Adobe and SSM with the applied properties.

    The exit status is 1 if they differ.
    """
    from inlet_bridge.cli import connections

    raise typer.Exit(0 if connections.status(connection, stack) else 1)


def repair(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Of a connection or a source.")],
    stack: StackOption = DEFAULT_STACK,
    *,
    source: Annotated[bool, typer.Option("--source", help="NAME is a source.")] = False,
) -> None:
    """Restore a connection, or the webhook of a source, to its last applied properties."""
    from inlet_bridge.cli import connections

    if source:
        connections.repair_source(name, stack)
    else:
        connections.repair(name, stack)


def destroy(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Of a connection or a source.")],
    stack: StackOption = DEFAULT_STACK,
    *,
    source: Annotated[bool, typer.Option("--source", help="NAME is a source.")] = False,
    yes: YesOption = False,
) -> None:
    """Delete a connection or source that was applied directly.

    Resources of a stack are deleted with the stack.
    """
    from inlet_bridge.cli import connections

    kind = "source" if source else "connection"
    raise typer.Exit(0 if connections.destroy(kind, name, stack, confirmed=yes) else 1)


def doctor(stack: StackOption = DEFAULT_STACK) -> None:
    """Check the deployment and its AWS account, and print advice for each problem.

    The exit status is 1 if a check fails.
    """
    from inlet_bridge.cli import doctor as implementation

    raise typer.Exit(0 if implementation.doctor(stack) else 1)
