"""Arguments of `inlet secret`."""

from pathlib import Path
from typing import Annotated

import typer

from inlet_bridge.cli.options import FileOption, SourceArgument


def secret(
    source: SourceArgument,
    *,
    secret_file: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            show_default="asked, hidden",
            help="File with the new secret; - is standard input.",
        ),
    ] = None,
    file: FileOption = None,
    stage: Annotated[
        str,
        typer.Option(
            metavar="STAGE",
            show_default="the local cloud if it runs, else dev",
            help="Stage of the secret; AWS_PROFILE and AWS_REGION select the account.",
        ),
    ] = "",
) -> None:
    """Store or replace the secret of a source of sources.yaml: the first of its Secrets.

    It is checked as the source's scheme reads it. Nothing is deployed, and the file stays. Without
    --file, a source that sources.yaml lacks is the deployed one, such as that of another file.
    """
    from inlet_bridge.cli.secret import SecretOptions, store_secret

    store_secret(SecretOptions(source, secret_file, file, stage))
