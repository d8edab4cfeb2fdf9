"""The samples among which the map editor lets choose: kept webhooks, and those of recipes."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final

from bridge.delivery.delivery import Delivery
from bridge.verification.catalogue import PRESETS
from inlet_bridge.inspector.map_editor.evaluation import Sample
from inlet_bridge.inspector.redaction.visible_webhook import (
    masked_values,
    visible_webhook,
    without_credentials,
)
from inlet_bridge.inspector.web.panels import Panel, panel
from inlet_bridge.mapping.sample_text import kept_sample, sample_text
from inlet_bridge.mapping.sample_webhook import sample_webhook
from inlet_bridge.operations.bodies.kept_bodies import KeptBodies
from inlet_bridge.operations.bodies.newest_kept import KeptWebhook, newest_kept
from inlet_bridge.operations.configuration.sources import Configuration
from inlet_bridge.operations.deployed import Deployed
from inlet_bridge.operations.errors import OperationError
from inlet_bridge.recipes.recipe import recipes

_MOST_KEPT: Final = 10
_KEPT: Final = "kept"
_RECIPE: Final = "recipe"
_PROVIDER: Final = "provider"


@dataclass(frozen=True, slots=True)
class Choice:
    """A sample that can be chosen.

    Attributes:
        value: identifies it in a form.
    """

    value: str
    title: str


@dataclass(frozen=True, slots=True)
class MapSamples:
    """The samples of a source.

    Attributes:
        source: its name.
        provider: its preset; may be empty.
    """

    deployed: Deployed
    source: str
    provider: str

    def choices(self) -> Panel[list[Choice]]:
        """What can be chosen, kept webhooks first; with a note if those cannot be read."""
        kept = panel(lambda: newest_kept(self.deployed, self.source, _MOST_KEPT))
        found = [*map(_of_kept, kept.value or ()), *self._of_provider()]
        return Panel(found, kept.note)

    def sample(self, choice: str) -> Sample:
        """A sample that was chosen. Raises OperationError if there is none."""
        kind, _, rest = choice.partition(":")
        if kind == _KEPT:
            return self._kept(rest)
        if kind == _RECIPE and self.provider in recipes():
            recipe = recipes()[self.provider]
            if rest in recipe.samples:
                return Sample(recipe.sample(rest).read_text(encoding="utf-8"))
        if kind == _PROVIDER and self.provider in PRESETS:
            return self._simple()
        raise OperationError("there is no such sample", hint="Choose another one, or paste one.")

    def recognized(self, choice: str, sample: Sample) -> Sample:
        """The sample with its kept webhook, if that was chosen and is unchanged."""
        if choice.partition(":")[0] == _KEPT:
            found = panel(partial(self.sample, choice)).value
            if found and (found.text, found.event_type) == (sample.text, sample.event_type):
                return found
        return sample

    def first(self, choices: Sequence[Choice]) -> tuple[str, Sample]:
        """The first one that can be read, and its value; an empty object if none can."""
        for each in choices:
            found = panel(partial(self.sample, each.value))
            if found.value:
                return each.value, found.value
        return "", Sample("{}")

    def _of_provider(self) -> list[Choice]:
        if recipe := recipes().get(self.provider):
            return [Choice(f"{_RECIPE}:{each}", f"sample {each}") for each in recipe.samples]
        if self.provider in PRESETS:
            return [Choice(f"{_PROVIDER}:", f"a minimal webhook of {self.provider}")]
        return []

    def _kept(self, text: str) -> Sample:
        at, _, key = text.partition("#")
        try:
            received_at = datetime.fromisoformat(at)
        except ValueError:
            received_at = None
        found = None
        if received_at and received_at.tzinfo:
            found = KeptBodies(self.deployed).find(self.source, received_at, key)
        if found is None:
            raise OperationError(
                "this webhook is not kept any more", hint="Choose another one, or paste a sample."
            )
        return Sample(kept_sample(self._visible(found)), found.event_type, found)

    def _visible(self, kept: Delivery) -> Delivery:
        """The webhook as the page of it shows it. Raises OperationError."""
        try:
            source = Configuration(self.deployed).source(self.source)
        except OperationError as exc:
            raise OperationError(
                f"this webhook is not shown, since {exc}: its Privacy is unknown",
                hint="Paste a sample.",
            ) from exc
        source = without_credentials(source)
        return visible_webhook(source, kept)._replace(
            headers=masked_values(kept.headers, source), query=masked_values(kept.query, source)
        )

    def _simple(self) -> Sample:
        try:
            headers, body = sample_webhook(PRESETS[self.provider], "event", "sample-1")
        except ValueError as exc:
            raise OperationError(f"{self.provider} has no sample: {exc}") from exc
        return Sample(sample_text(headers, json.dumps(json.loads(body)), {}), "event")


def _of_kept(each: KeptWebhook) -> Choice:
    at = each.received_at
    title = f"kept {at:%Y-%m-%d %H:%M:%S} {each.key.partition(':')[2][:60]}"
    return Choice(f"{_KEPT}:{at.isoformat()}#{each.key}", title)
