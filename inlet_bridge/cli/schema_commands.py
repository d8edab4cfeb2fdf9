"""Arguments of `inlet schema from` and `inlet schema show`."""

from pathlib import Path
from typing import Annotated

import typer

from inlet_bridge.cli.options import DEFAULT_STACK, JsonOption, StackOption
from inlet_bridge.cli.other_commands import CommandGroup
from inlet_bridge.cli.sample_files import existing_samples

app = typer.Typer(
    cls=CommandGroup,
    no_args_is_help=True,
    help="Make a schema for webhooks, or show that of a flow.",
)


@app.callback()
def schema() -> None:
    """Make a schema for webhooks, or show that of a flow."""


@app.command(name="from")
def schema_from(
    samples: Annotated[
        list[Path],
        typer.Argument(
            metavar="SAMPLE...",
            callback=existing_samples,
            help="Bodies as they are sent, or as `inlet map` reads them; one event each.",
        ),
    ],
    *,
    name: Annotated[
        str,
        typer.Option(
            metavar="NAME",
            help="Of the connection, its flow and the source.",
            show_default="the first file's",
        ),
    ] = "",
    xdm_class: Annotated[
        str,
        typer.Option(
            "--class", metavar="CLASS", help="ExperienceEvent, Profile or the $id of a class."
        ),
    ] = "ExperienceEvent",
    provider: Annotated[
        str, typer.Option(metavar="PROVIDER", help="Of the source; see `inlet providers`.")
    ] = "PROVIDER",
    tenant: Annotated[
        str,
        typer.Option(
            metavar="ID",
            help="ID of the tenant, below which Adobe has custom fields.",
            show_default="asked from the deployed bridge",
        ),
    ] = "",
    only: Annotated[
        list[str] | None,
        typer.Option("--only", metavar="PATH", help="Only this part of the bodies. Repeatable."),
    ] = None,
    stack: StackOption = DEFAULT_STACK,
) -> None:
    """Print a connection that creates schema and dataset, and a source with the Map that fits.

    Names, types and structure of the custom fields are those of the samples.
    """
    from inlet_bridge.cli.schema_from import SchemaOptions, print_sources_file

    options = SchemaOptions(
        samples=tuple(samples),
        name=name,
        xdm_class=xdm_class,
        provider=provider,
        tenant=tenant,
        only=tuple(only or ()),
        stack=stack,
    )
    print_sources_file(options)


@app.command()
def show(
    destination: Annotated[
        str,
        typer.Argument(
            metavar="CONNECTION[/FLOW]",
            help="The flow, or a connection with one; by default, the only one.",
        ),
    ] = "",
    field: Annotated[
        str, typer.Argument(help="Path of a field, such as commerce.order; by default, all.")
    ] = "",
    *,
    as_json: JsonOption = False,
    stack: StackOption = DEFAULT_STACK,
) -> None:
    """List the fields that a Map can have, with their types: those of the dataset's schema."""
    from inlet_bridge.cli.schema_show import show_fields

    show_fields(destination, field, stack, as_json=as_json)
