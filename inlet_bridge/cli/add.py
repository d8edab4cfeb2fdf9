"""Add a source to a file, store its secret and show what a webhook becomes."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from secrets import token_urlsafe
from typing import Any, Final

import typer
from botocore.exceptions import BotoCoreError, ClientError

from bridge.errors import InvalidPropertyError
from bridge.names import require_name
from bridge.sources.source import Source
from bridge.verification.catalogue import PRESETS
from bridge.verification.stored_secrets import stored_secret
from inlet_bridge.cli.add_report import AddReport
from inlet_bridge.cli.chosen_stage import chosen_stage
from inlet_bridge.cli.console import Screen
from inlet_bridge.cli.local_stack import with_local_cloud
from inlet_bridge.cli.questions import Questions, usage_error
from inlet_bridge.cli.secret_dialog import Secret, SecretDialog
from inlet_bridge.cli.source_options import Plan, SourceOptions, plan_source
from inlet_bridge.cli.styled_text import Text
from inlet_bridge.mapping.deployment import DeployedConnection
from inlet_bridge.operations.account.secret_store import SecretStore
from inlet_bridge.operations.account.secret_text import (
    credential_fault,
    secret_doubt,
    secret_fault,
)
from inlet_bridge.operations.account.stage import Deployment, Stage, stack_of
from inlet_bridge.operations.configuration.connection_names import names_below
from inlet_bridge.operations.errors import OperationError
from inlet_bridge.operations.provisioner import Provisioner
from inlet_bridge.template_editing.appending import appended
from inlet_bridge.template_editing.candidate import candidate_source, check_subscription
from inlet_bridge.template_editing.document import SOURCE, SourcesFile
from inlet_bridge.template_editing.saving import replacement
from inlet_bridge.template_reading.default_file import default_file
from inlet_bridge.template_reading.errors import MissingFieldError, ResourceError

_TOKEN_BYTES: Final = 24
_REPLACEMENT: Final = "To replace its secret: inlet secret {}"


@dataclass(frozen=True, slots=True)
class AddOptions:
    """The arguments of `inlet add`.

    Attributes:
        secret_file: `-` is standard input; None asks.
        file: None means that of the current folder, or of the checkout.
        stage: empty for the local cloud if it runs, or `dev`.
    """

    source: SourceOptions
    secret_file: Path | None
    file: Path | None
    stage: str
    offline: bool
    yes: bool


def add(options: AddOptions) -> None:
    """Add a source. Raises typer.Exit if something is wrong; then the file is unchanged."""
    screen = Screen()
    with _reported(screen):
        stage = chosen_stage(options.stage)
        if stage.endpoint and not options.stage:
            screen.print(Text(f"Using the local cloud on {stage.endpoint}."))
        _Addition(options, screen, stage).run()


@contextmanager
def _reported(screen: Screen) -> Iterator[None]:
    try:
        yield
    except OperationError as exc:
        screen.failure(with_local_cloud(exc, "--stage"))
        raise typer.Exit(1) from exc
    except InvalidPropertyError as exc:
        screen.failure(OperationError(str(exc)))
        raise typer.Exit(1) from exc
    except OSError as exc:
        screen.failure(OperationError(f"the file cannot be written: {exc.strerror}"))
        raise typer.Exit(1) from exc


@dataclass(frozen=True)
class _Addition:
    options: AddOptions
    screen: Screen
    stage: Stage

    def run(self) -> None:
        """Check everything, then store the secret, and replace the file last."""
        file = SourcesFile.read(self.options.file or default_file())
        self._check_name(file)
        plan = plan_source(self.options.source, file, self._questions, self._connections)
        edited = appended(file, plan.source.text(file, self.stage.name))
        source = self._candidate(edited, plan)
        check_subscription(plan.source, self.stage.name)
        parameter = self._parameter(plan)
        secret = self._secret(parameter, plan, source) if parameter else Secret("", True, False)
        report = AddReport(self.screen, plan, self.stage, self._deployment)
        usable = "" if plan.subscription else stored_secret(source.scheme, secret.text)
        report.preview(source, usable)
        with replacement(file.path, edited.text):
            if self._store and secret.is_new:
                self._store.put(parameter, secret.text, overwrite=secret.exists)
            if self._store and plan.source.path_token:
                self._store_path_token(self._store, plan.source.path_token)
        known = {each.logical_id for each in file.resources}
        [added] = [each for each in edited.resources if each.logical_id not in known]
        report.written(file.path, added)
        if parameter and self._store:
            replaced = secret.is_new and secret.exists
            report.stored(parameter, is_new=secret.is_new, replaced=replaced)
        report.next_steps(parameter, self.options.secret_file)

    def _candidate(self, edited: SourcesFile, plan: Plan) -> Source:
        """The source as it will be deployed. Raises OperationError, with the missing fields."""
        try:
            return candidate_source(edited, plan.source.name, plan.flows, self._schemas)
        except MissingFieldError as exc:
            provider = self.options.source.provider
            exc.hint = (
                f"`inlet recipes {provider}` names the field groups that the recipe needs: add them"
                f" to the dataset's schema. Or add the source with --no-recipe. {exc.hint}"
            )
            raise

    def _schemas(self, connection: str) -> Mapping[str, Mapping[str, Any]]:
        """The schemas of a connection that is deployed; none of another one."""
        if self._deployment is None:
            return {}
        provisioner = Provisioner(stack_of(self.stage))
        try:
            return DeployedConnection(provisioner, connection).schemas().schemas
        except (OperationError, ClientError, BotoCoreError):
            return {}  # The deployment makes the connection, or says what is wrong.

    def _connections(self) -> list[str]:
        """The connections that are deployed; none if that is not known."""
        if self._deployment is None:
            return []
        try:
            return names_below(self.stage.client("ssm"), self.stage.parameter("connections"))
        except (OperationError, ClientError, BotoCoreError):
            return []

    @cached_property
    def _questions(self) -> Questions:
        return Questions(self.screen)

    @cached_property
    def _deployment(self) -> Deployment | None:
        if self.options.offline:
            return None
        try:
            return self.stage.deployment()
        except OperationError as exc:
            exc.hint = f"{exc.hint} With --offline, the source is added without AWS.".strip()
            raise

    @cached_property
    def _store(self) -> SecretStore | None:
        if self._deployment is None:
            return None
        return SecretStore(self.stage.client("ssm"), self._deployment.key)

    def _check_name(self, file: SourcesFile) -> None:
        name = self.options.source.name
        try:
            require_name(name)
        except ValueError as exc:
            raise usage_error(str(exc), "--name") from None
        for source in file.of_type(SOURCE):
            if file.value(source.property("Name")) == name:
                raise ResourceError(
                    f"{file.path} has a source {name} already ({source.logical_id}, line"
                    f" {source.line}); choose another name with --name",
                    hint=_REPLACEMENT.format(name),
                )

    def _parameter(self, plan: Plan) -> str:
        """The parameter of what the operator has to give; empty if there is nothing."""
        if plan.subscription:
            return self.stage.parameter(plan.subscription.credential)
        # A secret that the provider sends is stored by the bridge.
        if not plan.source.secret or plan.source.captures:
            return ""
        return self.stage.parameter(plan.source.secret)

    def _secret(self, parameter: str, plan: Plan, source: Source) -> Secret:
        preset = PRESETS[plan.source.provider]
        title = f"Secret ({preset.secret})"
        if plan.subscription:
            title = f"{plan.subscription.vendor.title}'s key or token ({plan.subscription.scope})"
        check = credential_fault if plan.subscription else partial(secret_fault, source.scheme)
        dialog = SecretDialog(
            questions=self._questions,
            title=title,
            check=check,
            doubt=None if plan.subscription else partial(secret_doubt, source.scheme),
            file=self.options.secret_file,
            store=self._store,
            overwrites=self.options.yes,
            is_shared=plan.subscription is not None,
        )
        return dialog.secret(parameter)

    def _store_path_token(self, store: SecretStore, path: str) -> None:
        parameter = self.stage.parameter(path)
        if store.get(parameter) is None:
            store.put(parameter, token_urlsafe(_TOKEN_BYTES), overwrite=False)
