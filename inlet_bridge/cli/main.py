"""The `inlet` command: what it takes from the command line."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from inlet_bridge.cli import connection_commands as chain
from inlet_bridge.cli import dead_letter_commands as dead_letters
from inlet_bridge.cli import delivery_commands as operations
from inlet_bridge.cli.console import replace_what_cannot_be_encoded
from inlet_bridge.cli.cost_command import cost
from inlet_bridge.cli.error_output import PlainGroup
from inlet_bridge.cli.map_command import map_command
from inlet_bridge.cli.provider_commands import providers_command, send_command
from inlet_bridge.cli.up import AdobeOptions, UpOptions, up
from inlet_bridge.local.workspace import TEMPLATE

app = typer.Typer(
    cls=PlainGroup,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)


@app.callback()
def bridge() -> None:
    """Inlet Bridge: SaaS webhooks to Adobe Experience Platform streaming inlets."""
    replace_what_cannot_be_encoded()


@app.command(name="up")
def up_command(
    *,
    once: Annotated[
        bool,
        typer.Option("--once", help="End by itself, also on a terminal."),
    ] = False,
    payloads: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            exists=True,
            file_okay=False,
            help="Send your own payloads too: DIR/{github,stripe,shopify,slack}/*.json;"
            " the file's name is the event's.",
        ),
    ] = None,
    report: Annotated[
        Path | None,
        typer.Option(metavar="FILE", dir_okay=False, help="Write what happened to FILE, as JSON."),
    ] = None,
    template: Annotated[
        Path,
        typer.Option(
            metavar="FILE",
            exists=True,
            dir_okay=False,
            show_default=False,
            help="Deploy this template instead of template.yaml; relative paths in it start at its"
            " folder.",
        ),
    ] = TEMPLATE,
    settling_seconds: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            min=0,
            max=3600,
            show_default=False,
            help="How long the new flow is given: 10 with the emulated Adobe, else Adobe's 300.",
        ),
    ] = None,
    adobe: Annotated[
        str | None,
        typer.Option(
            metavar="URL",
            rich_help_panel="Another Adobe than the emulated one",
            help="Base URL of its Platform APIs, and of IMS and inlet unless they are named.",
        ),
    ] = None,
    credentials: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            exists=True,
            dir_okay=False,
            rich_help_panel="Another Adobe than the emulated one",
            help="JSON with client_id, client_secret, org_id, scopes and sandbox.",
        ),
    ] = None,
    dataset_id: Annotated[
        str | None,
        typer.Option(
            metavar="ID",
            rich_help_panel="Another Adobe than the emulated one",
            help="Dataset that takes the webhooks, 24 hex digits.",
        ),
    ] = None,
    schema_id: Annotated[
        str | None,
        typer.Option(
            metavar="URI",
            rich_help_panel="Another Adobe than the emulated one",
            help="$id of the dataset's schema.",
        ),
    ] = None,
    ims: Annotated[
        str | None,
        typer.Option(
            metavar="URL",
            rich_help_panel="Another Adobe than the emulated one",
            help="Base URL of IMS, such as https://ims-na1.adobelogin.com.",
        ),
    ] = None,
    inlet_host: Annotated[
        list[str] | None,
        typer.Option(
            metavar="HOST",
            rich_help_panel="Another Adobe than the emulated one",
            help="Host that an inlet URL may name, such as dcs.adobedc.net. Repeatable.",
        ),
    ] = None,
) -> None:
    """Deploy on this machine and send real webhooks through.

    Starts MiniStack (an AWS emulator) and an emulated Adobe on the loopback address, deploys
    template.yaml to them with sam, sends signed webhooks of four providers through the deployed
    URL and checks that each promise was kept. No AWS account, no Docker.

    On a terminal everything stays up until Ctrl-C. Otherwise, and with --once, the stack is
    deleted again. The exit status is 0 only if every expectation held.
    """
    options = UpOptions(
        once=once,
        payloads=payloads,
        report=report,
        template=template.resolve(),
        settling_seconds=settling_seconds,
        adobe=_adobe_options(
            adobe,
            required={
                "--credentials": credentials,
                "--dataset-id": dataset_id,
                "--schema-id": schema_id,
            },
            ims_url=ims,
            inlet_hosts=tuple(inlet_host or ()),
        ),
    )
    raise typer.Exit(up(options))


for command in (
    chain.plan,
    chain.apply,
    chain.status,
    chain.repair,
    chain.destroy,
    chain.doctor,
    operations.deliveries,
    operations.why,
    operations.pause,
    operations.resume,
    operations.audit,
):
    app.command()(command)
app.add_typer(dead_letters.app, name="dead-letters")
app.command(name="send")(send_command)
app.command(name="providers")(providers_command)
app.command(name="map")(map_command)
app.command(name="cost")(cost)


def _adobe_options(
    url: str | None,
    *,
    required: Mapping[str, Path | str | None],
    ims_url: str | None,
    inlet_hosts: tuple[str, ...],
) -> AdobeOptions | None:
    if url is None:
        given = {**required, "--ims": ims_url, "--inlet-host": inlet_hosts or None}
        for name, value in given.items():
            if value is not None:
                raise typer.BadParameter("only goes with --adobe", param_hint=name)
        return None
    missing = ", ".join(name for name, value in required.items() if value is None)
    if missing:
        raise typer.BadParameter(f"also needs {missing}", param_hint="--adobe")
    return AdobeOptions(
        url=url,
        credentials=Path(str(required["--credentials"])),
        dataset_id=str(required["--dataset-id"]),
        schema_id=str(required["--schema-id"]),
        ims_url=ims_url,
        inlet_hosts=inlet_hosts,
    )
