"""Arguments and options that several commands share."""

from pathlib import Path
from typing import Annotated, Final

import typer

from inlet_bridge.cli.completion import source_names
from inlet_bridge.cli.local_stack import chosen_stack

DEFAULT_STACK: Final = ""
"""Replaced by `chosen_stack`."""
StackOption = Annotated[
    str,
    typer.Option(
        "--stack",
        envvar="BRIDGE_STACK",
        metavar="STACK",
        show_default="that of the local cloud if one runs, else inlet-bridge-dev",
        callback=chosen_stack,
        help="Name of the deployed stack; AWS_PROFILE and AWS_REGION select the account.",
    ),
]
SourceArgument = Annotated[
    str, typer.Argument(help="Name of the source.", autocompletion=source_names)
]
YesOption = Annotated[bool, typer.Option("--yes", help="Do not ask for confirmation.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]
FileOption = Annotated[
    Path | None,
    typer.Option(
        "--file",
        metavar="FILE",
        exists=True,
        dir_okay=False,
        show_default="sources.yaml of the current folder, else of the checkout",
        help="CloudFormation template with connections and sources.",
    ),
]
ParameterOption = Annotated[
    list[str] | None,
    typer.Option(
        "--parameter",
        metavar="NAME=VALUE",
        help="Value of a parameter of the file, repeatable; else that of its stack, else its"
        " default.",
    ),
]


def pairs(option: str, texts: list[str] | None, form: str = "NAME=VALUE") -> list[tuple[str, str]]:
    """The values of a repeatable option NAME=VALUE, or of another form. Raises BadParameter."""
    found = []
    for text in texts or ():
        name, separator, value = text.partition("=")
        if not (name and separator):
            raise typer.BadParameter(f"must be {form}", param_hint=option)
        found.append((name, value))
    return found
