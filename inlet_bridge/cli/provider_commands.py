"""Arguments of `inlet send` and `inlet providers`."""

import re
import shlex
import sys
from pathlib import Path
from typing import Annotated

import typer

from inlet_bridge.cli.completion import provider_names
from inlet_bridge.cli.misplaced_values import is_file_name, is_url
from inlet_bridge.cli.options import JsonOption
from inlet_bridge.cli.sample_files import existing_sample


def send(
    provider: Annotated[
        str,
        typer.Argument(
            help="Name of the preset; see `inlet providers`.", autocompletion=provider_names
        ),
    ],
    event: Annotated[
        str, typer.Argument(help="Event type as the provider names it, such as orders/create.")
    ] = "",
    *,
    to: Annotated[
        str | None,
        typer.Option(
            metavar="URL",
            show_default=False,
            help="URL of a source. Without it, the local cloud that `inlet up` runs.",
        ),
    ] = None,
    source: Annotated[
        str,
        typer.Option(
            metavar="NAME",
            help="Source of the local cloud; by default the one with this provider, else one that"
            " is added.",
        ),
    ] = "",
    secret_file: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            allow_dash=True,
            help="The signing key: the shared secret, or the private key (PEM, or 32 bytes in"
            " hex). - reads standard input. Required with --to.",
        ),
    ] = None,
    body: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            callback=existing_sample,
            help='Send this body, or {"headers": {...}, "body": ..., "query": {...}}, signed anew.'
            " - reads standard input.",
        ),
    ] = None,
) -> None:
    """Sign one webhook as its provider does and send it.

    Without --body, it is the sample of the provider's recipe for the event, or its first sample;
    a generic body if there is none.
    The exit status is 1 if it is not accepted.
    """
    from inlet_bridge.cli.send import SendOptions
    from inlet_bridge.cli.send import send as send_webhook

    _refuse_file_or_url(provider, event)
    _refuse_source(provider)
    require_provider(provider)
    if secret_file is not None and to is None:
        raise typer.BadParameter(
            "requires --to, the URL of a source; without both, the secret of the local cloud signs,"
            " which `inlet secret SOURCE` replaces",
            param_hint="--secret-file",
        )
    if str(secret_file) == str(body) == "-":
        raise typer.BadParameter(
            "- is standard input, which is read once; --secret-file has it", param_hint="--body"
        )
    if to is not None and secret_file is None:
        raise typer.BadParameter(
            "requires --secret-file, a file with the secret of the source; - is standard input",
            param_hint="--to",
        )
    if to and source:
        raise typer.BadParameter("is for the local cloud, without --to", param_hint="--source")
    if to and not re.match(r"https?://[^/]", to):
        raise typer.BadParameter(
            f"{to} must be a URL of a source, such as https://HOST/webhooks/SOURCE",
            param_hint="--to",
        )
    secret = None if secret_file is None else _read(secret_file)
    raise typer.Exit(send_webhook(SendOptions(provider, event, to, secret, body, source)))


def providers(
    name: Annotated[
        str,
        typer.Argument(help="Show the details of this provider.", autocompletion=provider_names),
    ] = "",
    *,
    as_json: JsonOption = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="Print docs/providers.md.")] = False,
) -> None:
    """List the providers that have a preset."""
    from inlet_bridge.cli.console import Screen
    from inlet_bridge.cli.provider_documents import provider_documents
    from inlet_bridge.cli.provider_pages import provider_section, providers_page, providers_table
    from inlet_bridge.plain_text import plain_json

    if as_json:
        if name:
            require_provider(name)
        Screen().write(plain_json({"providers": provider_documents(name)}) + "\n")
    elif markdown:
        Screen().write(providers_page())
    elif name:
        require_provider(name)
        Screen().write(provider_section(name))
    else:
        Screen().print(providers_table())


def require_provider(name: str) -> None:
    """Reject a name that no preset has and suggest similar ones."""
    from bridge.verification.catalogue import PRESETS
    from bridge.verification.preset_names import similar_presets

    if name not in PRESETS:
        close = " or ".join(similar_presets(name, PRESETS))
        way = f"did you mean {close}?" if close else "see `inlet providers`"
        raise typer.BadParameter(f"there is no {name!r}; {way}", param_hint="PROVIDER")


def _refuse_source(name: str) -> None:
    """Raise BadParameter for a source of the file in place of a provider, with its provider."""
    from bridge.verification.catalogue import PRESETS
    from inlet_bridge.template_reading.provider_sources import (
        is_source_of_events,
        provider_of_source,
    )

    if name in PRESETS:
        return
    if is_source_of_events(name):
        raise typer.BadParameter(
            f"{name} is a source of events, which receives no webhooks: send them to its queue, or"
            " to EventBridge with `aws events put-events`; docs/events.md has the command",
            param_hint="PROVIDER",
        )
    if (provider := provider_of_source(name)) in PRESETS:
        raise typer.BadParameter(
            f"{name} is a source: inlet send {provider} --source {name}", param_hint="PROVIDER"
        )


def _refuse_file_or_url(provider: str, event: str) -> None:
    """Raise BadParameter for a file or a URL in place of a name, with the option for it."""
    for value, argument in ((provider, "PROVIDER"), (event, "EVENT")):
        command = f"inlet send {'PROVIDER' if argument == 'PROVIDER' else provider}"
        if is_url(value):
            raise typer.BadParameter(
                f"{value} is a URL: {command} --to {shlex.quote(value)} --secret-file FILE",
                param_hint=argument,
            )
        if is_file_name(value):
            raise typer.BadParameter(
                f"{value} is a file, and not a name: {command} --body {shlex.quote(value)}",
                param_hint=argument,
            )


def _read(path: Path) -> str:
    try:
        text = sys.stdin.read() if str(path) == "-" else path.read_text(encoding="utf-8")
    except OSError as exc:
        from inlet_bridge.operations.account.secret_text import unreadable_file

        way_out = "name a file with the secret of the source, or - for standard input"
        raise typer.BadParameter(
            f"{unreadable_file(path, exc)}; {way_out}", param_hint="--secret-file"
        ) from exc
    except UnicodeDecodeError as exc:
        raise typer.BadParameter(
            f"{path} is not UTF-8 at byte {exc.start}", param_hint="--secret-file"
        ) from exc
    if not text.strip():
        name = "standard input" if str(path) == "-" else path
        raise typer.BadParameter(
            f"{name} is empty; write the secret of the source into it", param_hint="--secret-file"
        )
    # As the receiver reads what is stored: other white space counts.
    return text.removeprefix("\ufeff").rstrip("\r\n")
