"""Arguments of `inlet add`."""

from pathlib import Path
from typing import Annotated

import typer

from inlet_bridge.cli.completion import provider_names


def add(
    provider: Annotated[
        str,
        typer.Argument(
            help="Name of the preset; see `inlet providers`.", autocompletion=provider_names
        ),
    ],
    *,
    name: Annotated[
        str,
        typer.Option(
            metavar="NAME",
            show_default="the provider's",
            help="Name of the source; its URL ends in /webhooks/NAME.",
        ),
    ] = "",
    flow: Annotated[
        str,
        typer.Option(
            metavar="CONNECTION/FLOW",
            show_default="the only connection of the file, and its flow",
            help="Where its messages go.",
        ),
    ] = "",
    recipe: Annotated[
        bool | None,
        typer.Option(
            "--recipe/--no-recipe",
            show_default="where there is one",
            help="Map the provider's main events to standard XDM; see `inlet recipes`.",
        ),
    ] = None,
    secret_file: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            allow_dash=True,
            help="The secret as the provider shows it, or with --subscription the vendor's API key"
            " or token. - reads standard input. Without it, the command asks.",
        ),
    ] = None,
    subscription: Annotated[
        str,
        typer.Option(
            metavar="TARGET",
            help="Let the bridge register the webhook: Repository=OWNER/NAME or Organization=NAME"
            " at GitHub, Project=GROUP/PROJECT or Group=PATH at GitLab, account at Stripe.",
        ),
    ] = "",
    event: Annotated[
        list[str] | None,
        typer.Option(
            metavar="EVENT",
            show_default="those of the recipe",
            help="With --subscription: event as the vendor names it. Repeatable.",
        ),
    ] = None,
    credential: Annotated[
        str,
        typer.Option(
            metavar="NAME",
            show_default="the vendor's",
            help="With --subscription: the key or token is /inlet-bridge/STAGE/credentials/NAME.",
        ),
    ] = "",
    constant: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=VALUE", help="Constant that the preset needs. Repeatable."),
    ] = None,
    token_header: Annotated[
        str,
        typer.Option(metavar="HEADER", help="Header of the token, where the preset names none."),
    ] = "",
    allowed_cidr: Annotated[
        list[str] | None,
        typer.Option(metavar="CIDR", help="Network that requests may come from. Repeatable."),
    ] = None,
    file: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            show_default="sources.yaml of the current folder, or of the checkout",
            help="File to add the source to.",
        ),
    ] = None,
    stage: Annotated[
        str,
        typer.Option(
            metavar="STAGE",
            show_default="the local cloud if it runs, else dev",
            help="Stage of the secret; AWS_PROFILE and AWS_REGION select the account.",
        ),
    ] = "",
    offline: Annotated[
        bool, typer.Option("--offline", help="Do not store the secret; print how to.")
    ] = False,
    yes: Annotated[
        bool, typer.Option("--yes", help="Overwrite a secret that exists without asking.")
    ] = False,
) -> None:
    """Add a source to sources.yaml, store its secret, and show what a webhook becomes.

    Nothing is deployed. The file is changed only after everything else has succeeded.
    """
    from inlet_bridge.cli.add import AddOptions
    from inlet_bridge.cli.add import add as add_source
    from inlet_bridge.cli.provider_commands import require_provider
    from inlet_bridge.cli.source_options import SourceOptions

    require_provider(provider)
    if not subscription:
        for option, given in (("--event", event), ("--credential", credential)):
            if given:
                raise typer.BadParameter("requires --subscription", param_hint=option)
    add_source(
        AddOptions(
            SourceOptions(
                provider=provider,
                name=name or provider.replace("_", "-"),
                flow=flow,
                recipe=recipe,
                subscription=subscription,
                events=tuple(event or ()),
                credential=credential,
                constants=dict(_pair(each) for each in constant or ()),
                token_header=token_header,
                allowed_cidrs=tuple(allowed_cidr or ()),
            ),
            secret_file=secret_file,
            file=file,
            stage=stage,
            offline=offline,
            yes=yes,
        )
    )


def _pair(text: str) -> tuple[str, str]:
    name, found, value = text.partition("=")
    if not (name and found):
        raise typer.BadParameter("must be NAME=VALUE", param_hint="--constant")
    return name, value
