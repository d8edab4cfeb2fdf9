"""Print what `inlet add` did, and what is next."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shlex import quote
from typing import Final

from rich.console import Group

from bridge.sources.cache import SOURCE_LIFETIME
from bridge.sources.source import Source
from bridge.verification.catalogue import PRESETS
from inlet_bridge.cli.console import Screen
from inlet_bridge.cli.map_preview import preview_blocks
from inlet_bridge.cli.source_options import Plan
from inlet_bridge.cli.styled_text import Text
from inlet_bridge.local.stack import STAGE as LOCAL_STAGE
from inlet_bridge.mapping.preview import preview
from inlet_bridge.mapping.sample_reading import read_sample
from inlet_bridge.mapping.sample_webhook import sample_webhook
from inlet_bridge.mapping.signed_sample import Sample, signed_sample
from inlet_bridge.operations.account.stage import Deployment, Stage
from inlet_bridge.recipes.recipe import recipes
from inlet_bridge.template_editing.document import Resource

_EXAMPLE: Final = "example"
REPLACED_SECRET: Final = (
    "Receivers accept it from the first webhook that is signed with it, and the former one for up"
    f" to {SOURCE_LIFETIME // timedelta(seconds=1)} s more."
)


@dataclass(frozen=True, slots=True)
class AddReport:
    """The output.

    Attributes:
        deployment: None if it is not known.
    """

    screen: Screen
    plan: Plan
    stage: Stage
    deployment: Deployment | None

    def preview(self, source: Source, secret: str) -> None:
        """Print what a signed sample becomes: the first that a route takes."""
        now = datetime.now(UTC)
        provider = self.plan.source.provider
        previews = []
        for name, headers, body, query in self._samples():
            signed = signed_sample(source, provider, secret, Sample(headers, body), now)
            shown = preview(source, signed.headers, signed.body, query, now=now)
            title = f"{name} ({signed.signature})" if signed.signature else name
            previews.append({title: shown})
            if shown.shown:
                break
        if previews:
            self.screen.print(Group(*preview_blocks(previews[-1])))

    def written(self, file: Path, added: Resource) -> None:
        """Print what the file has now."""
        self._done(f"{file}: {added.logical_id}, line {added.line}")
        for note in self.plan.notes:
            self.screen.print(Text(f"! {note}", "yellow"))

    def stored(self, parameter: str, *, is_new: bool, replaced: bool) -> None:
        """Print where the secret is, and since when a replaced one is no longer used."""
        self._done(parameter if is_new else f"{parameter} is as it was")
        if replaced:
            self.screen.print(Text(f"  {REPLACED_SECRET}"))

    def next_steps(self, parameter: str, file: Path | None) -> None:
        """Print what remains to be done."""
        source = self.plan.source
        if self.deployment is None:
            given = f"file://{file}" if file and str(file) != "-" else "file://FILE"
            values = {parameter: quote(given)} if parameter else {}
            if source.path_token:
                values[self.stage.parameter(source.path_token)] = '"$(openssl rand -hex 24)"'
            for name, value in values.items():
                self.screen.print(
                    Text(f"Store {name}:", "bold"),
                    Text(
                        f"  aws ssm put-parameter --type SecureString --name {quote(name)}"
                        f" --value {value}"
                    ),
                )
        self.screen.print(Text("Deploy:", "bold"), Text(f"  {self._deploy()}"))
        if self.plan.subscription:
            title = self.plan.subscription.vendor.title
            self.screen.print(Text(f"The deployment registers the webhook at {title}."))
            return
        url = self.deployment.url(source.name) if self.deployment else f"…/webhooks/{source.name}"
        preset = PRESETS[source.provider]
        self.screen.print(
            Text(f"Then enter the URL at {preset.title}:", "bold"),
            Text(f"  {url}{'/TOKEN' if source.path_token else ''}"),
            Text(f"  {preset.setup}"),
        )
        if source.path_token:
            token = self.stage.parameter(source.path_token)
            self.screen.print(Text(f"  TOKEN is the value of {token}."))

    def _samples(self) -> Iterator[tuple[str, dict[str, str], bytes, str]]:
        """Name, headers, body and query of samples; none for a provider that sends XML."""
        provider = self.plan.source.provider
        if recipe := recipes().get(provider):
            for name in recipe.samples:
                yield name, *read_sample(recipe.sample(name))
            return
        with suppress(ValueError):
            headers, body = sample_webhook(PRESETS[provider], _EXAMPLE, "example-1")
            yield "a sample", headers, body, ""

    def _deploy(self) -> str:
        """How the file is deployed."""
        if self.stage.name == LOCAL_STAGE:
            return "`inlet up` deploys the file of the checkout by itself."
        return f"sam deploy --config-env {quote(self.stage.name)}-sources"

    def _done(self, text: str) -> None:
        self.screen.print(Text.assemble(("✓ ", "green"), text))
