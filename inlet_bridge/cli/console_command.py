"""Arguments of `inlet console`."""

from typing import Annotated

import typer

from inlet_bridge.cli.options import FileOption


def console(
    *,
    stack: Annotated[
        str,
        typer.Option(
            "--stack",
            envvar="BRIDGE_STACK",
            metavar="STACK",
            show_default="that of the local cloud if one runs, else those that are found",
            help="Show this stack only; AWS_PROFILE and AWS_REGION select the account.",
        ),
    ] = "",
    allow_actions: Annotated[
        bool,
        typer.Option(
            "--allow-actions", help="Permit replay, redrive, drop, pause, resume and saving maps."
        ),
    ] = False,
    port: Annotated[
        int,
        typer.Option(metavar="N", min=0, max=65535, help="Port of 127.0.0.1; 0 is any free one."),
    ] = 0,
    browser: Annotated[
        bool, typer.Option(help="Open the browser, if the output is a terminal.")
    ] = True,
    file: FileOption = None,
) -> None:
    """Show webhooks, and what became of them, in a browser.

    Serves pages on 127.0.0.1 until Ctrl-C, with your own AWS credentials. The printed URL signs in
    one browser, once.
    """
    from inlet_bridge.cli.inspector import serve

    serve(stack, file, port, allow_actions=allow_actions, open_browser=browser)
