"""Arguments of `inlet plan`, `apply`, `status`, `repair`, `destroy` and `doctor`."""

from typing import Annotated

import typer

from inlet_bridge.cli.options import (
    DEFAULT_STACK,
    FileOption,
    JsonOption,
    ParameterOption,
    StackOption,
    YesOption,
    pairs,
)

ResourceArgument = Annotated[
    str,
    typer.Argument(
        metavar="NAME", help="Name or logical ID of a connection or source; by default, all."
    ),
]


def plan(
    name: ResourceArgument = "",
    *,
    file: FileOption = None,
    parameter: ParameterOption = None,
    as_json: JsonOption = False,
    stack: StackOption = DEFAULT_STACK,
) -> None:
    """Show the changes that applying resources of sources.yaml would make.

    For a resource that belongs to a stack, the changes that deploying it would make.
    """
    from inlet_bridge.cli import resources

    values = dict(pairs("--parameter", parameter))
    resources.plan(resources.ResourceOptions(name, file, values, stack, as_json))


def apply(
    name: ResourceArgument = "",
    *,
    file: FileOption = None,
    parameter: ParameterOption = None,
    as_json: JsonOption = False,
    stack: StackOption = DEFAULT_STACK,
) -> None:
    """Create or change connections and sources of sources.yaml without their stack.

    A resource that belongs to a stack can be changed by deploying that stack only.
    """
    from inlet_bridge.cli import resources

    values = dict(pairs("--parameter", parameter))
    resources.apply(resources.ResourceOptions(name, file, values, stack, as_json))


def status(
    connection: Annotated[
        str | None, typer.Argument(metavar="CONNECTION", help="By default, all, and the sources.")
    ] = None,
    *,
    as_json: JsonOption = False,
    stack: StackOption = DEFAULT_STACK,
) -> None:
    """Compare Adobe and SSM with the applied properties.

    The exit status is 1 if they differ.
    """
    from inlet_bridge.cli import connections

    raise typer.Exit(0 if connections.status(connection, stack, as_json=as_json) else 1)


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


def doctor(*, as_json: JsonOption = False, stack: StackOption = DEFAULT_STACK) -> None:
    """Check the deployment and its AWS account, and print advice for each problem.

    The exit status is 1 if a check fails.
    """
    from inlet_bridge.cli import doctor as implementation

    raise typer.Exit(0 if implementation.doctor(stack, as_json=as_json) else 1)
