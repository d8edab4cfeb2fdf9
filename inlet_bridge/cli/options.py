"""Arguments and options that several commands share."""

from typing import Annotated, Final

import typer

DEFAULT_STACK: Final = "inlet-bridge-dev"
StackOption = Annotated[
    str,
    typer.Option(
        "--stack",
        envvar="BRIDGE_STACK",
        help="Name of the deployed stack; AWS_PROFILE and AWS_REGION select the account.",
    ),
]
SourceArgument = Annotated[str, typer.Argument(help="Name of the source.")]
YesOption = Annotated[bool, typer.Option("--yes", help="Do not ask for confirmation.")]
