"""Arguments of `inlet up`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from inlet_bridge.cli.up import AdobeOptions


def up(
    *,
    once: Annotated[
        bool,
        typer.Option("--once", help="End after the run, also on a terminal."),
    ] = False,
    keep: Annotated[
        bool,
        typer.Option("--keep", help="Keep running after the run, also without a terminal."),
    ] = False,
    payloads: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            exists=True,
            file_okay=False,
            help="Also send these payloads: DIR/{github,stripe,shopify,slack}/EVENT.json.",
        ),
    ] = None,
    report: Annotated[
        Path | None,
        typer.Option(metavar="FILE", dir_okay=False, help="Write a report to FILE as JSON."),
    ] = None,
    template: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            exists=True,
            dir_okay=False,
            show_default="template.yaml",
            help="Template of the bridge; its relative paths start at its folder.",
        ),
    ] = None,
    file: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            exists=True,
            dir_okay=False,
            show_default="sources.yaml of the current folder or of the checkout",
            help="Template of the connection and the sources.",
        ),
    ] = None,
    settling_seconds: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            min=0,
            max=3600,
            show_default=False,
            help="Time that a new flow needs: 5 with the emulated Adobe, else 300.",
        ),
    ] = None,
    port: Annotated[
        int,
        typer.Option(metavar="N", min=0, max=65535, help="Port of AWS; 0 is any free one."),
    ] = 8480,
    adobe_port: Annotated[
        int,
        typer.Option(metavar="N", min=0, max=65535, help="Port of the emulated Adobe, likewise."),
    ] = 8481,
    inspector_port: Annotated[
        int,
        typer.Option(
            metavar="N", min=0, max=65535, help="Port of the inspector, while it keeps running."
        ),
    ] = 8482,
    adobe: Annotated[
        str | None,
        typer.Option(
            metavar="URL",
            help="Use this Adobe instead of the emulated one: base URL of its Platform APIs, and of"
            " IMS and inlet unless --ims and --inlet-host name them.",
        ),
    ] = None,
    credentials: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            exists=True,
            dir_okay=False,
            help="With --adobe: JSON with client_id, client_secret, org_id, scopes and sandbox, or"
            " a download of the Developer Console with sandbox added.",
        ),
    ] = None,
    dataset_id: Annotated[
        str | None,
        typer.Option(metavar="ID", help="With --adobe: id of the dataset, 24 hex digits."),
    ] = None,
    schema_id: Annotated[
        str | None,
        typer.Option(metavar="URI", help="With --adobe: $id of the dataset's schema."),
    ] = None,
    ims: Annotated[
        str | None,
        typer.Option(
            metavar="URL",
            help="With --adobe: base URL of IMS, such as https://ims-na1.adobelogin.com.",
        ),
    ] = None,
    inlet_host: Annotated[
        list[str] | None,
        typer.Option(
            metavar="HOST",
            help="With --adobe: host that an inlet URL may name, such as dcs.adobedc.net."
            " Repeatable.",
        ),
    ] = None,
) -> None:
    """Deploy on this machine and send real webhooks through.

    Starts MiniStack (an AWS emulator) and an emulated Adobe on the loopback address, deploys
    template.yaml and sources.yaml to them, sends signed webhooks of four providers to the deployed
    URL and checks the result of each. Needs a checkout; no AWS account, no Docker.

    On a terminal, and with --keep, everything keeps running until Ctrl-C: edits of sources.yaml
    are deployed, messages that reach the inlet are shown, and the inspector shows all webhooks in
    a browser. Otherwise, and with --once, the
    stacks are deleted. The exit status is 0 only if every check passed.
    """
    adobe_options = _adobe_options(
        adobe, credentials, dataset_id, schema_id, ims_url=ims, inlet_hosts=tuple(inlet_host or ())
    )
    from inlet_bridge.local.workspace import TEMPLATE

    if not TEMPLATE.is_file():
        from inlet_bridge.cli.console import Screen
        from inlet_bridge.local.errors import LocalCloudError

        Screen().failure(
            LocalCloudError("inlet up needs a checkout of Inlet Bridge: run `make run` there")
        )
        raise typer.Exit(1)
    from inlet_bridge.cli.operation_errors import report_operation_errors
    from inlet_bridge.cli.up import UpOptions
    from inlet_bridge.cli.up import up as run
    from inlet_bridge.local.start import Ports
    from inlet_bridge.template_reading.default_file import default_file

    with report_operation_errors():
        sources = file or default_file()
    options = UpOptions(
        once=once,
        keep=keep,
        payloads=payloads,
        report=report,
        template=template.resolve() if template else TEMPLATE,
        sources=sources,
        settling_seconds=settling_seconds,
        ports=Ports(port, adobe_port, inspector_port),
        adobe=adobe_options,
    )
    raise typer.Exit(run(options))


def _adobe_options(
    url: str | None,
    credentials: Path | None,
    dataset_id: str | None,
    schema_id: str | None,
    *,
    ims_url: str | None,
    inlet_hosts: tuple[str, ...],
) -> "AdobeOptions | None":
    required = {
        "--credentials": credentials,
        "--dataset-id": dataset_id,
        "--schema-id": schema_id,
    }
    if url is None:
        for name, value in {**required, "--ims": ims_url, "--inlet-host": inlet_hosts}.items():
            if value:
                raise typer.BadParameter("requires --adobe", param_hint=name)
        return None
    if not (credentials and dataset_id and schema_id):
        missing = ", ".join(name for name, value in required.items() if not value)
        raise typer.BadParameter(f"requires {missing}", param_hint="--adobe")
    from inlet_bridge.cli.up import AdobeOptions

    return AdobeOptions(url, credentials, dataset_id, schema_id, ims_url, inlet_hosts)
