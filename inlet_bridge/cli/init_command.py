"""Arguments of `inlet init`."""

from pathlib import Path
from typing import Annotated

import typer


def init(
    *,
    stage: Annotated[str, typer.Option(metavar="STAGE", help="Stage to set up, such as dev.")] = "",
    region: Annotated[str, typer.Option(metavar="REGION", help="AWS region of the stage.")] = "",
    credentials: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Download of the Developer Console: of the project, or of its OAuth"
            " Server-to-Server credential.",
        ),
    ] = None,
    sandbox: Annotated[
        str, typer.Option(metavar="NAME", help="Name of the sandbox of Experience Platform.")
    ] = "",
    dataset: Annotated[
        str,
        typer.Option(metavar="ID", help="ID or name of the dataset that receives the messages."),
    ] = "",
    keep_bodies: Annotated[
        int | None,
        typer.Option(
            metavar="DAYS",
            min=0,
            max=90,
            show_default=False,
            help="Days for which bodies are kept, so that they can be sent again; 0 keeps none.",
        ),
    ] = None,
    no_input: Annotated[
        bool, typer.Option("--no-input", help="Ask nothing; fail if an option is missing.")
    ] = False,
    samconfig: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            show_default="samconfig.toml of the current folder, or of the checkout",
            help="File that gets the parameters of the deployment.",
        ),
    ] = None,
    ims: Annotated[
        str, typer.Option(metavar="URL", help="Base URL of Adobe's identity service.")
    ] = "https://ims-na1.adobelogin.com",
    platform: Annotated[
        str, typer.Option(metavar="URL", help="Base URL of the Experience Platform APIs.")
    ] = "https://platform.adobe.io",
) -> None:
    """Set up a stage: store Adobe's credentials, and write the deployment's parameters.

    Asks at most five questions; a second run offers the present answers. Credentials go to SSM as
    a SecureString, everything else to samconfig.toml. Both are written at the end.
    """
    from inlet_bridge.cli.init import init as set_up
    from inlet_bridge.cli.init_questions import InitOptions

    set_up(
        InitOptions(
            stage=stage,
            region=region,
            credentials=credentials,
            sandbox=sandbox,
            dataset=dataset,
            keep_bodies=keep_bodies,
            asks=not no_input,
            samconfig=samconfig,
            ims_url=ims.rstrip("/"),
            platform_url=platform.rstrip("/"),
        )
    )
