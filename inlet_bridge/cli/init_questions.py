"""The questions of `inlet init`, each with an option."""

import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bridge.adapters.adobe.credentials import AdobeCredentials
from inlet_bridge.cli.choice import Choice, Option
from inlet_bridge.cli.questions import Questions, usage_error
from inlet_bridge.initialization.errors import InitializationError
from inlet_bridge.initialization.experience_platform import Dataset, ExperiencePlatform
from inlet_bridge.initialization.sam_config import SamConfig
from inlet_bridge.initialization.sections import bridge_section, sources_section
from inlet_bridge.initialization.technical_account import account_of, read_account
from inlet_bridge.operations.account.stage import DEFAULT_STAGE, stage_name

# As AllowedPattern of template.yaml; and names of AWS regions.
_REGION: Final = re.compile(r"[a-z]{2,4}(-[a-z]+)+-\d{1,2}")
_MOST_DAYS: Final = 90
NO_DATASET: Final = "none"


@dataclass(frozen=True, slots=True)
class InitOptions:
    """The arguments of `inlet init`; empty for what is asked.

    Attributes:
        dataset: id or name.
        asks: whether questions are asked.
        samconfig: None means that of the current folder, or of the checkout.
    """

    stage: str
    region: str
    credentials: Path | None
    sandbox: str
    dataset: str
    keep_bodies: int | None
    asks: bool
    samconfig: Path | None
    ims_url: str
    platform_url: str


@dataclass(frozen=True, slots=True)
class Interview:
    """Asks for what the options do not say; the present answers are the defaults."""

    questions: Questions
    options: InitOptions
    config: SamConfig

    def stage_and_region(self) -> tuple[str, str]:
        """The first question. Raises typer.BadParameter, InitializationError."""
        given = self.options
        if given.stage and not given.region:
            region = self.config.region(bridge_section(_valid(stage_name, given.stage, "--stage")))
            if region and not self.questions.allowed:
                return given.stage, region
        if not (given.stage and given.region):
            return self._asked_stage_and_region()
        return _valid(stage_name, given.stage, "--stage"), _valid(_region, given.region, "--region")

    def _asked_stage_and_region(self) -> tuple[str, str]:
        given = self.options
        stage = given.stage or DEFAULT_STAGE
        region = given.region or self.config.region(bridge_section(stage)) or _own_region()

        def read(text: str) -> tuple[str, str]:
            words = text.split()
            if given.stage and len(words) == 1:
                words = [given.stage, *words]
            elif given.region and len(words) == 1:
                words = [*words, given.region]
            if len(words) == 1 and (known := self.config.region(bridge_section(words[0]))):
                words = [*words, known]
            if len(words) != 2:  # noqa: PLR2004 - the stage and the region
                raise ValueError("it must be a stage and a region, such as dev eu-west-1")
            return stage_name(words[0]), _region(words[1])

        flag = "--region" if given.stage else "--stage"
        question = "Stage and AWS region"
        return self.questions.ask(question, flag, read, default=f"{stage} {region}".strip())

    def account(self, parameter: str, stored: str | None) -> AdobeCredentials:
        """The second question: the technical account, without its sandbox if that is not known.

        Raises:
            typer.BadParameter: the file cannot be used.
        """
        kept = None
        if stored is not None and not self.options.credentials:
            try:
                kept = account_of(stored, parameter)
            except InitializationError as exc:
                self.questions.screen.print(f"! {exc}")

        def read(text: str) -> AdobeCredentials:
            if not text.strip() and kept:
                return kept
            if not text.strip():
                raise ValueError("it must be a file; the Developer Console has it as a download")
            try:
                return read_account(Path(text.strip()).expanduser())
            except InitializationError as exc:
                raise ValueError(str(exc)) from None

        if self.options.credentials:
            return _valid(read, str(self.options.credentials), "--credentials")
        if kept and not self.questions.allowed:
            return kept
        hint = f"; Enter keeps {parameter}" if kept else ""
        question = f"File of the Developer Console with the credentials{hint}"
        return self.questions.ask(question, "--credentials", read)

    def sandbox(self, adobe: ExperiencePlatform) -> str:
        """The third question. Raises AdobeError, InitializationError, typer.BadParameter."""
        found = adobe.sandboxes()
        if not found:
            raise InitializationError(
                "the technical account may use no sandbox; add it to a product profile of"
                " Experience Platform in the Admin Console"
            )
        options = [Option(each.name, each.name, (each.title, each.type)) for each in found]
        choice = Choice(self.questions, "sandbox", "--sandbox", ("Sandbox", "Title", "Type"))
        return choice.of(options, self.options.sandbox, adobe.account.sandbox).id

    def dataset(self, adobe: ExperiencePlatform, stage: str) -> Dataset | None:
        """The fourth question; None if `sources.yaml` creates the dataset.

        Raises:
            AdobeError: they cannot be listed.
            typer.BadParameter: the option names none of them.
        """
        found = {each.id: each for each in adobe.datasets()}
        options = [
            *(
                Option(each.id, each.name, (each.schema or each.schema_id,))
                for each in found.values()
            ),
            Option(NO_DATASET, NO_DATASET, ("the file of sources creates one",)),
        ]
        present = self.config.parameters(sources_section(stage)).get("DatasetId", "")
        if len(found) == 1 and self.questions.allowed:
            present = present or next(iter(found))
        titles = ("Dataset", "ID", "Schema")
        choice = Choice(self.questions, "dataset", "--dataset", titles)
        return found.get(choice.of(options, self.options.dataset, present).id)

    def keep_bodies(self, stage: str) -> str:
        """The last question. Raises typer.BadParameter."""
        if self.options.keep_bodies is not None:
            return str(self.options.keep_bodies)
        present = self.config.parameters(sources_section(stage)).get("KeepBodies", "")
        if present and not self.questions.allowed:
            return present

        def read(text: str) -> str:
            if not text.strip().isdecimal() or int(text) > _MOST_DAYS:
                raise ValueError(f"it must be a number of days from 0 to {_MOST_DAYS}")
            return str(int(text))

        question = "Days for which bodies are kept, so that they can be sent again"
        return self.questions.ask(question, "--keep-bodies", read, default=present or "0")


def _valid[Answer](read: Callable[[str], Answer], text: str, option: str) -> Answer:
    try:
        return read(text)
    except ValueError as exc:
        raise usage_error(str(exc), option) from None


def _region(text: str) -> str:
    if not _REGION.fullmatch(text):
        raise ValueError(f"{text} is no AWS region, such as eu-west-1")
    return text


def _own_region() -> str:
    return os.environ.get("AWS_REGION", "") or os.environ.get("AWS_DEFAULT_REGION", "")
