"""Store or replace the secret of a source."""

from dataclasses import dataclass
from functools import partial
from pathlib import Path

from bridge.verification.catalogue import PRESETS
from inlet_bridge.cli.add_report import REPLACED_SECRET
from inlet_bridge.cli.chosen_stage import chosen_stage
from inlet_bridge.cli.operation_errors import report_operation_errors
from inlet_bridge.cli.questions import Questions
from inlet_bridge.cli.secret_dialog import SecretDialog
from inlet_bridge.cli.secret_source import SecretSource, secret_source
from inlet_bridge.cli.styled_text import Text
from inlet_bridge.mapping.misspellings import likely_secret
from inlet_bridge.operations.account.secret_store import SecretStore
from inlet_bridge.operations.account.secret_text import secret_doubt, secret_fault


@dataclass(frozen=True, slots=True)
class SecretOptions:
    """The arguments of `inlet secret`.

    Attributes:
        source: its Name or logical ID.
        secret_file: `-` is standard input; None asks.
        file: None means `sources.yaml`, or what is deployed for a source that it lacks.
        stage: empty for the local cloud if it runs, or `dev`.
    """

    source: str
    secret_file: Path | None
    file: Path | None
    stage: str


def store_secret(options: SecretOptions) -> None:
    """Store the secret. Raises typer.Exit if something is wrong; then nothing is changed."""
    with report_operation_errors("--stage") as screen:
        stage = chosen_stage(options.stage)
        if stage.endpoint and not options.stage:
            screen.print(Text(f"Using the local cloud on {stage.endpoint}."))
        source = secret_source(options.source, options.file, stage)
        parameter = source.parameter
        if source.not_in:
            screen.print(Text(f"{source.not_in} has no {options.source}; it is deployed."))
        deployment = stage.deployment()

        store = SecretStore(stage.client("ssm"), deployment.key if deployment else "")
        if doubt := _other_parameter(source, store):
            screen.print(Text(f"! {doubt}", "yellow"))
        preset = PRESETS.get(source.provider)
        dialog = SecretDialog(
            questions=Questions(screen),
            title=f"Secret ({preset.secret})" if preset else "Secret",
            check=partial(secret_fault, source.scheme),
            doubt=partial(secret_doubt, source.scheme),
            file=options.secret_file,
            store=store,
            overwrites=True,
        )
        found = dialog.secret(parameter)
        if found.is_new:
            store.put(parameter, found.text, overwrite=found.exists)
        shown = parameter if found.is_new else f"{parameter} is as it was"
        screen.print(Text.assemble(("✓ ", "green"), shown))
        if found.is_new and found.exists:
            screen.print(Text(f"  {REPLACED_SECRET}"))


def _other_parameter(source: SecretSource, store: SecretStore) -> str:
    """What is said of a parameter with a misspelled name; empty for any other one.

    Raises:
        OperationError: SSM cannot be read.
    """
    likely = likely_secret(source.parameter, source.name, source.provider)
    if not likely or store.get(source.parameter) is not None or store.get(likely) is None:
        return ""
    return (
        f"Secrets of {source.name} names {source.parameter}, which does not exist; is it {likely},"
        " which does? Then correct Secrets"
    )
