"""Run the emulated Adobe as a process: `python -m adobe_emulator --help`."""

import re
from dataclasses import replace
from datetime import timedelta
from typing import Annotated

import typer

from adobe_emulator.clock import Clock
from adobe_emulator.emulator import Adobe
from adobe_emulator.server import listening, server_for, url_of
from adobe_emulator.settings import Behavior, FailedRecordForm, Generation, Tenant

_DEFAULTS = Tenant()
_DATASET = re.compile(r"(?P<dataset>[0-9a-f]{24})=(?P<schema>https://\S+)")


def _datasets(values: list[str]) -> dict[str, str]:
    matches = [_DATASET.fullmatch(value) for value in values]
    if not all(matches):
        raise typer.BadParameter(
            "write 24 hexadecimal digits, an equals sign and the schema's URL",
            param_hint="--dataset",
        )
    return {match["dataset"]: match["schema"] for match in matches if match}


def main(
    *,
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="Port on 127.0.0.1; 0 selects a free port.")
    ] = 8460,
    settle_seconds: Annotated[
        float, typer.Option(min=0, help="How long a new or changed flow loses messages.")
    ] = 300,
    token_seconds: Annotated[int, typer.Option(min=1, help="Lifetime of an access token.")] = 86399,
    client_id: Annotated[
        str, typer.Option(help="Client id of the technical account, also its API key.")
    ] = _DEFAULTS.client_id,
    client_secret: Annotated[
        str,
        typer.Option(help="Its secret.", envvar="ADOBE_EMULATOR_SECRET", show_default="made up"),
    ] = _DEFAULTS.client_secret,
    org: Annotated[str, typer.Option(help="Organization id.")] = _DEFAULTS.org_id,
    sandbox: Annotated[str, typer.Option(help="Name of the one sandbox.")] = _DEFAULTS.sandbox,
    dataset: Annotated[
        list[str] | None,
        typer.Option(metavar="ID=SCHEMA_ID", help="An existing dataset. Repeatable."),
    ] = None,
    empty: Annotated[
        bool, typer.Option("--empty", help="A sandbox without datasets and schemas.")
    ] = False,
    generation: Annotated[
        Generation, typer.Option(help="Format of batch results.")
    ] = Generation.NEWEST,
    accept_bare_xdm: Annotated[
        bool, typer.Option("--accept-bare-xdm", help="Accept XDM without an envelope.")
    ] = False,
    batch_seconds: Annotated[
        float, typer.Option(min=0, help="What arrives in a dataset within it is one batch.")
    ] = 900,
    batch_delay_seconds: Annotated[
        float, typer.Option(min=0, help="From then on until the batch is complete.")
    ] = 300,
    separate_failures: Annotated[
        bool, typer.Option("--separate-failures", help="Failed records are batches of their own.")
    ] = False,
    failed_record_form: Annotated[
        FailedRecordForm, typer.Option(help="Form of the records in failed files.")
    ] = FailedRecordForm.ERRORS,
    sync_validation: Annotated[
        bool, typer.Option("--sync-validation", help="Validate with syncValidation=true, as VA7.")
    ] = False,
    seed: Annotated[int, typer.Option(help="Equal seeds give equal ids.")] = 0,
) -> None:
    """A strict emulator of Adobe: IMS, Flow Service, Data Prep, inlet and data lake."""
    datasets = _datasets(dataset) if dataset else _DEFAULTS.datasets
    tenant = Tenant(client_id, client_secret, org, sandbox, datasets=datasets)
    if empty:
        tenant = replace(tenant, datasets={}, schemas={})
    behavior = Behavior(
        settle=timedelta(seconds=settle_seconds),
        token_lifetime=timedelta(seconds=token_seconds),
        generation=generation,
        accept_bare_xdm=accept_bare_xdm,
        batch_window=timedelta(seconds=batch_seconds),
        batch_delay=timedelta(seconds=batch_delay_seconds),
        separate_failures=separate_failures,
        failed_record_form=failed_record_form,
        validates_synchronously=sync_validation,
    )
    try:
        _serve(port, tenant, behavior, seed)
    except OSError as exc:
        raise typer.BadParameter(exc.strerror or str(exc), param_hint="--port") from None


def _serve(port: int, tenant: Tenant, behavior: Behavior, seed: int) -> None:
    with listening(port) as bound:
        adobe = Adobe(url_of(bound), tenant, behavior, Clock(), seed)
        print(
            f"Emulated Adobe (IMS, Flow Service, Data Prep, inlet) of {tenant.org_id}, sandbox"
            f" {tenant.sandbox}, listens on {adobe.url};"
            f" its state is at {adobe.url}/_emulator/state",
            flush=True,
        )
        server_for(adobe).run([bound])


if __name__ == "__main__":
    typer.run(main)
