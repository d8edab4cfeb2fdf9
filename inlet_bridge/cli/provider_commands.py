"""`inlet send` and `inlet providers`: what they take from the command line."""

import sys
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated

import typer

from bridge.verification.catalogue import PRESETS
from inlet_bridge.cli.console import Screen
from inlet_bridge.cli.provider_pages import provider_section, providers_page, providers_table
from inlet_bridge.cli.send import SendOptions, send


def send_command(
    provider: Annotated[str, typer.Argument(help="Name of the preset; see inlet providers.")],
    event: Annotated[
        str, typer.Argument(help="Type in the provider's words, such as orders/create.")
    ] = "",
    *,
    to: Annotated[
        str | None,
        typer.Option(
            metavar="URL",
            show_default=False,
            help="URL of a source; the local cloud that is running, if you name none.",
        ),
    ] = None,
    secret_file: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            exists=True,
            allow_dash=True,
            dir_okay=False,
            help="What the provider signs with: the shared secret, or its private key (PEM, or 32"
            " bytes in hex). - reads it from the standard input. Goes with --to.",
        ),
    ] = None,
    body: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", exists=True, dir_okay=False, help="Send this body, not a sample."
        ),
    ] = None,
) -> None:
    """Sign and send one webhook as its provider would.

    The exit status is 0 only if it was taken.
    """
    _check_known(provider)
    if (to is None) != (secret_file is None):
        missing = "--to" if to is None else "--secret-file"
        raise typer.BadParameter("the two go together", param_hint=missing)
    secret = None if secret_file is None else _read(secret_file).strip()
    raise typer.Exit(send(SendOptions(provider, event, to, secret, body)))


def providers_command(
    name: Annotated[str, typer.Argument(help="All that is known of one provider.")] = "",
    *,
    markdown: Annotated[
        bool, typer.Option("--markdown", help="The whole of docs/providers.md.")
    ] = False,
) -> None:
    """List the providers that the bridge knows by name."""
    if markdown:
        Screen().write(providers_page())
    elif name:
        _check_known(name)
        Screen().write(provider_section(name))
    else:
        Screen().print(providers_table())


def _check_known(name: str) -> None:
    """Refuse a name that no preset has, with those that are near."""
    if name not in PRESETS:
        near = ", ".join(get_close_matches(name, PRESETS)) or "see inlet providers"
        raise typer.BadParameter(f"there is no {name!r}; {near}", param_hint="PROVIDER")


def _read(path: Path) -> str:
    return sys.stdin.read() if str(path) == "-" else path.read_text(encoding="utf-8")
