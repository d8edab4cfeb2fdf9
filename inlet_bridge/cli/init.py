"""Set up a stage: ask, store Adobe's credentials, and write the deployment's parameters."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import typer

from bridge.adapters.http.retry_budget import RetryBudget
from bridge.errors import BridgeError
from bridge.telemetry import logger
from inlet_bridge.cli.console import Screen
from inlet_bridge.cli.init_questions import InitOptions, Interview
from inlet_bridge.cli.init_report import InitReport
from inlet_bridge.cli.questions import Questions, usage_error
from inlet_bridge.initialization.errors import InitializationError
from inlet_bridge.initialization.experience_platform import Dataset, ExperiencePlatform
from inlet_bridge.initialization.sam_config import SamConfig, read_config
from inlet_bridge.initialization.sections import StageAnswers, with_answers
from inlet_bridge.initialization.source_secrets import missing_secrets
from inlet_bridge.initialization.technical_account import stored_form
from inlet_bridge.local.workspace import ROOT
from inlet_bridge.operations.account.secret_store import SecretStore
from inlet_bridge.operations.account.stage import stage_in
from inlet_bridge.operations.errors import OperationError
from inlet_bridge.template_editing.saving import replacement

FILE: Final = "samconfig.toml"
_SECRET: Final = "secrets/adobe"  # noqa: S105 - the name of a parameter
_ADOBE: Final = {
    "AdobeImsUrl": "https://ims-na1.adobelogin.com",
    "AdobePlatformUrl": "https://platform.adobe.io",
}
"""Defaults of template.yaml."""


def init(options: InitOptions) -> None:
    """Set up a stage.

    Raises:
        typer.Exit: something is wrong; then nothing was written, or a check of the account failed.
    """
    screen = Screen()
    for url, name in ((options.ims_url, "--ims"), (options.platform_url, "--platform")):
        _check_url(url, name)
    with _reported(screen), _without_log():
        passed = _Setup(options, screen).run()
    raise typer.Exit(0 if passed else 1)


@dataclass(frozen=True)
class _Setup:
    options: InitOptions
    screen: Screen

    def run(self) -> bool:
        """Ask everything, then write everything; return whether the account passes the checks."""
        interview = Interview(Questions(self.screen, self.options.asks), self.options, self._config)
        name, region = interview.stage_and_region()
        stage = stage_in(name, region)
        deployment = stage.deployment()
        store = SecretStore(stage.client("ssm"), deployment.key if deployment else "")
        parameter = stage.parameter(_SECRET)
        stored = store.get(parameter)
        adobe = ExperiencePlatform(
            interview.account(parameter, stored),
            self.options.ims_url,
            self.options.platform_url,
            RetryBudget(),
        )
        adobe = adobe.in_sandbox(interview.sandbox(adobe))
        dataset = interview.dataset(adobe, name)
        answers = self._answers(name, region, dataset, interview.keep_bodies(name))
        report = InitReport(self.screen, stage)
        config = with_answers(self._config, answers)
        secret = stored_form(adobe.account)
        with replacement(self._file, config.text):
            if stored != secret:
                store.put(parameter, secret, overwrite=stored is not None)
        report.written(parameter, self._file, is_new=stored != secret)
        passed = report.checks(adobe, dataset, is_deployed=deployment is not None)
        report.next_steps(missing_secrets(stage, store), has_dataset=dataset is not None)
        return passed

    @cached_property
    def _file(self) -> Path:
        own = Path(FILE)
        return self.options.samconfig or (
            own if own.exists() or not (ROOT / FILE).exists() else ROOT / FILE
        )

    @cached_property
    def _config(self) -> SamConfig:
        return read_config(self._file)

    def _answers(self, stage: str, region: str, dataset: Dataset | None, days: str) -> StageAnswers:
        urls = {
            "AdobeImsUrl": self.options.ims_url,
            "AdobePlatformUrl": self.options.platform_url,
        }
        present = self._config.parameters(stage)
        bridge = {name: url for name, url in urls.items() if url != _ADOBE[name] or name in present}
        known = {"DatasetId": dataset.id, "SchemaId": dataset.schema_id} if dataset else {}
        return StageAnswers(stage, region, bridge, {**known, "KeepBodies": days})


@contextmanager
def _reported(screen: Screen) -> Iterator[None]:
    try:
        yield
    except OperationError as exc:
        screen.failure(exc)
        raise typer.Exit(1) from exc
    except (InitializationError, BridgeError) as exc:
        screen.failure(OperationError(str(exc), hint="Nothing was written."))
        raise typer.Exit(1) from exc
    except OSError as exc:
        screen.failure(OperationError(f"the file cannot be written: {exc.strerror}"))
        raise typer.Exit(1) from exc


@contextmanager
def _without_log() -> Iterator[None]:
    """Do not print the log lines of the bridge's modules."""
    own = logging.getLogger(logger.service)
    before = own.level
    own.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        own.setLevel(before)


def _check_url(url: str, option: str) -> None:
    """A token is sent there: https, or this machine."""
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        raise usage_error("must be an https address", option) from None
    is_local = host in {"127.0.0.1", "localhost", "::1"}
    is_safe = parts.scheme == "https" or (parts.scheme == "http" and is_local)
    if not (is_safe and host) or parts.query or parts.fragment or "@" in parts.netloc:
        raise usage_error("must be an https address", option)
