"""Print the version of the package."""

import typer


def print_version(requested: bool) -> None:  # noqa: FBT001 - typer passes the option's value
    """Print the version and exit if the option was given."""
    if requested:
        from bridge.version import VERSION

        typer.echo(f"inlet {VERSION}")
        raise typer.Exit
