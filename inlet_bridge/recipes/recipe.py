"""Read the recipes."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import yaml

_FOLDER: Final = Path(__file__).parent
_ROUTES: Final = "routes.yaml"

PROFILE: Final = "profile"
"""What an event becomes that fills a record of a person."""


@dataclass(frozen=True, slots=True)
class CoveredEvent:
    """An event that a recipe maps.

    Attributes:
        name: as the provider names it.
        becomes: values of XDM's `eventType`, or `PROFILE`.
        page: the provider's description of the payload.
        unverified: what of the payload is known from elsewhere than that page; empty if nothing.
        samples: names of samples that have only this event.
    """

    name: str
    becomes: tuple[str, ...]
    page: str
    unverified: str
    samples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DatasetSchema:
    """What the schema of a flow's dataset needs, by XDM's titles.

    Attributes:
        xdm_class: such as XDM ExperienceEvent.
        field_groups: of that class.
    """

    xdm_class: str
    field_groups: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Recipe:
    """The mapping of one provider.

    Attributes:
        provider: name of the preset.
        summary: what it covers, for a list.
        schemas: by flow.
        identities: what identifies the person, by namespace.
        own_namespaces: those that Adobe does not have by default.
        batches: names of samples with several events.
        samples_source: where the samples come from, with the license.
        routes: YAML of the properties of a source, with comments.
    """

    provider: str
    summary: str
    schemas: Mapping[str, DatasetSchema]
    identities: Mapping[str, str]
    own_namespaces: tuple[str, ...]
    events: tuple[CoveredEvent, ...]
    batches: tuple[str, ...]
    samples_source: str
    notes: tuple[str, ...]
    routes: str

    @property
    def properties(self) -> dict[str, Any]:
        """The properties of a source that belong to the recipe."""
        properties: dict[str, Any] = yaml.safe_load(self.routes)
        return properties

    @property
    def samples(self) -> tuple[str, ...]:
        """The names of all samples."""
        single = (name for event in self.events for name in event.samples)
        return tuple(dict.fromkeys((*single, *self.batches)))

    def sample(self, name: str) -> Path:
        """The file of a sample: an object of headers and body, as `inlet map` reads it."""
        return _FOLDER / self.provider / "samples" / f"{name}.json"


@cache
def recipes() -> Mapping[str, Recipe]:
    """All recipes by provider, in alphabetical order."""
    folders = sorted(file.parent for file in _FOLDER.glob(f"*/{_ROUTES}"))
    return MappingProxyType({folder.name: _read(folder) for folder in folders})


@cache
def recipe_of(provider: str) -> Recipe | None:
    """The recipe of a preset; None if it has none. Faster than all recipes."""
    folder = _FOLDER / provider
    return _read(folder) if (folder / _ROUTES).is_file() else None


@cache
def xdm_ids() -> Mapping[str, str]:
    """The ids of the classes and field groups that recipes use, by title.

    From https://github.com/adobe/xdm.
    """
    names: dict[str, str] = json.loads((_FOLDER / "xdm_names.json").read_text(encoding="utf-8"))
    return MappingProxyType(names)


def _read(folder: Path) -> Recipe:
    stated = yaml.safe_load((folder / "recipe.yaml").read_text(encoding="utf-8"))
    page, unverified = stated.get("page", ""), stated.get("unverified", "")
    return Recipe(
        provider=folder.name,
        summary=stated["summary"],
        schemas={
            flow: DatasetSchema(schema["class"], tuple(schema["field_groups"]))
            for flow, schema in stated["schemas"].items()
        },
        identities=stated["identities"],
        own_namespaces=tuple(stated.get("own_namespaces", ())),
        events=tuple(
            CoveredEvent(
                name=event["name"],
                becomes=tuple(event["becomes"]),
                page=event.get("page", page),
                unverified=event.get("unverified", unverified),
                samples=tuple(event.get("samples", ())),
            )
            for event in stated["events"]
        ),
        batches=tuple(stated.get("batches", ())),
        samples_source=stated["samples"],
        notes=tuple(stated.get("notes", ())),
        routes=(folder / _ROUTES).read_text(encoding="utf-8"),
    )
